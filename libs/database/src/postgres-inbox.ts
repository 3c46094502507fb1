import { Inbox, Reception } from './inbox';
import { SqlSession } from './sql-session';

export class PostgresInbox extends Inbox {
  constructor(
    private readonly sql: SqlSession,
    private readonly schema: string,
  ) {
    super();
  }

  async claim(consumer: string, messages: readonly Reception[]): Promise<ReadonlySet<string>> {
    if (messages.length === 0) return new Set();
    // In key order: two consumers that receive the same messages wait for each other instead of deadlocking.
    const rows = await this.sql.query<{ message_id: string }>(
      `insert into ${this.schema}.inbox (tenant_id, consumer, message_id)
       select distinct tenant_id, $1::text, id from unnest($2::uuid[], $3::uuid[]) as message(tenant_id, id)
       order by tenant_id, id
       on conflict do nothing returning message_id`,
      [consumer, messages.map((message) => message.tenantId), messages.map((message) => message.id)],
    );
    return new Set(rows.map((row) => row.message_id));
  }

  async purge(before: Date): Promise<number> {
    const [row] = await this.sql.query<{ purged: number }>(
      `with gone as (delete from ${this.schema}.inbox where received_at < $1 returning 1)
       select count(*)::int as purged from gone`,
      [before],
    );
    return row?.purged ?? 0;
  }
}
