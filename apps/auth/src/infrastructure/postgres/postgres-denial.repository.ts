import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { Denial, DenialRepository } from '../../domain/denial.repository';

@Injectable()
export class PostgresDenialRepository extends DenialRepository {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async add(denials: readonly Denial[]): Promise<void> {
    if (denials.length === 0) return;
    await this.sql.query(
      `insert into auth.denial (subject, id, denied_until)
       select * from unnest($1::text[], $2::uuid[], $3::timestamptz[]) order by 1, 2
       on conflict (subject, id) do update set denied_until = greatest(denial.denied_until, excluded.denied_until)`,
      [denials.map(({ subject }) => subject), denials.map(({ id }) => id), denials.map(({ until }) => until)],
    );
  }

  async unexpired(now: Date): Promise<Denial[]> {
    const rows = await this.sql.query<{ subject: Denial['subject']; id: string; denied_until: Date }>(
      'select subject, id, denied_until from auth.denial where denied_until > $1',
      [now],
    );
    return rows.map((row) => ({ subject: row.subject, id: row.id, until: row.denied_until }));
  }

  async purge(now: Date): Promise<void> {
    await this.sql.query('delete from auth.denial where denied_until <= $1', [now]);
  }
}
