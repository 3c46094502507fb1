import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { Denial, DenialRepository } from '../../domain/denial.repository';

interface DenialRow {
  subject: Denial['subject'];
  id: string;
  denied_until: Date;
}

@Injectable()
export class PostgresDenialRepository extends DenialRepository {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  add(denials: readonly Denial[]): Promise<void> {
    return this.insert(denials, false);
  }

  addUnpublished(denials: readonly Denial[]): Promise<void> {
    return this.insert(denials, true);
  }

  async unpublished(): Promise<Denial[]> {
    const rows = await this.sql.query<DenialRow>(
      'select subject, id, denied_until from auth.denial where unpublished',
    );
    return rows.map(denialOf);
  }

  async markPublished(denials: readonly Denial[]): Promise<void> {
    // Only as they were seen: one that was prolonged meanwhile is published again.
    await this.sql.query(
      `update auth.denial d set unpublished = false
       from unnest($1::text[], $2::uuid[], $3::timestamptz[]) as p (subject, id, denied_until)
       where d.subject = p.subject and d.id = p.id and d.denied_until < p.denied_until + interval '1 millisecond'`,
      columnsOf(denials),
    );
  }

  async unexpired(now: Date): Promise<Denial[]> {
    const rows = await this.sql.query<DenialRow>(
      'select subject, id, denied_until from auth.denial where denied_until > $1',
      [now],
    );
    return rows.map(denialOf);
  }

  async purge(now: Date): Promise<void> {
    // One that is being prolonged is passed over: waiting for it could close a circle.
    await this.sql.query(
      `delete from auth.denial where (subject, id) in
         (select subject, id from auth.denial where denied_until <= $1 for update skip locked)`,
      [now],
    );
  }

  private async insert(denials: readonly Denial[], unpublished: boolean): Promise<void> {
    if (denials.length === 0) return;
    await this.sql.query(
      `insert into auth.denial (subject, id, denied_until, unpublished)
       select *, $4::boolean from unnest($1::text[], $2::uuid[], $3::timestamptz[]) order by 1, 2
       on conflict (subject, id) do update set denied_until = greatest(denial.denied_until, excluded.denied_until),
         unpublished = denial.unpublished or excluded.unpublished`,
      [...columnsOf(denials), unpublished],
    );
  }
}

function columnsOf(denials: readonly Denial[]): [string[], string[], Date[]] {
  return [
    denials.map(({ subject }) => subject),
    denials.map(({ id }) => id),
    denials.map(({ until }) => until),
  ];
}

function denialOf({ subject, id, denied_until: until }: DenialRow): Denial {
  return { subject, id, until };
}
