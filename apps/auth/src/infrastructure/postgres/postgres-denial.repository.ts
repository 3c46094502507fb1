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
      `insert into auth.denial (session_id, denied_until)
       select * from unnest($1::uuid[], $2::timestamptz[]) order by 1
       on conflict (session_id) do update set denied_until = greatest(denial.denied_until, excluded.denied_until)`,
      [denials.map(({ sessionId }) => sessionId), denials.map(({ until }) => until)],
    );
  }

  async unexpired(now: Date): Promise<Denial[]> {
    const rows = await this.sql.query<{ session_id: string; denied_until: Date }>(
      'select session_id, denied_until from auth.denial where denied_until > $1',
      [now],
    );
    return rows.map((row) => ({ sessionId: row.session_id, until: row.denied_until }));
  }

  async purge(now: Date): Promise<void> {
    await this.sql.query('delete from auth.denial where denied_until <= $1', [now]);
  }
}
