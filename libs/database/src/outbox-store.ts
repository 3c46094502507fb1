import { logger } from '@libs/logging';
import { Pool } from 'pg';
import { breakWhenSilent } from './break-when-silent';
import { ENVELOPE_SEPARATOR } from './postgres-outbox';
import { refuseUnsafeRole } from './role-wall';

export interface ClaimedRow {
  tenantId: string;
  id: string;
  topic: string;
  /** JSON texts of envelopes. */
  envelopes: string[];
}

const PURGE_ROWS = 5000;

/** The SQL of the relay, on one connection of its own. */
export class OutboxStore {
  private readonly pool: Pool;
  private readonly table: string;

  constructor(
    url: string,
    private readonly schema: string,
    private readonly leaseSeconds: number,
  ) {
    this.table = `${schema}.outbox`;
    this.pool = new Pool({
      connectionString: url,
      application_name: `moneyflow-${schema}-relay`,
      max: 1,
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: 5000,
      keepAlive: true,
      statement_timeout: 30_000,
      onConnect: (client) => breakWhenSilent(client),
    });
    this.pool.on('error', (error) =>
      logger('outbox-relay').warn({ reason: error.message }, 'its connection broke'),
    );
  }

  /** @throws ConfigError */
  refuseUnsafeRole(variable: string): Promise<void> {
    return refuseUnsafeRole(this.pool, this.schema, variable);
  }

  /** Leases the oldest unsent rows that nobody holds. */
  async claim(limit: number): Promise<ClaimedRow[]> {
    const { rows } = await this.pool.query<{
      tenant_id: string;
      id: string;
      topic: string;
      messages: string;
    }>({
      name: 'claim',
      text: `with due as (
          select tenant_id, id from ${this.table}
          where sent_at is null and (leased_until is null or leased_until < clock_timestamp())
          order by id limit $1 for update skip locked
        )
        update ${this.table} o set leased_until = clock_timestamp() + make_interval(secs => $2)
        from due where o.tenant_id = due.tenant_id and o.id = due.id
        returning o.tenant_id, o.id, o.topic, o.messages::text`,
      values: [limit, this.leaseSeconds],
    });
    // RETURNING promises no order; nearly in order is kinder to whoever reads along.
    rows.sort((a, b) => (a.id < b.id ? -1 : 1));
    return rows.map((row) => ({
      tenantId: row.tenant_id,
      id: row.id,
      topic: row.topic,
      envelopes: row.messages.slice(1, -1).split(ENVELOPE_SEPARATOR),
    }));
  }

  async markSent(rows: readonly ClaimedRow[]): Promise<void> {
    await this.pool.query({
      name: 'mark',
      text: `update ${this.table} o set sent_at = clock_timestamp(), leased_until = null
        from unnest($1::uuid[], $2::uuid[]) as sent(tenant_id, id)
        where o.tenant_id = sent.tenant_id and o.id = sent.id`,
      values: keysOf(rows),
    });
  }

  /** Not published: free again after a pause that doubles with each try, 200 ms to 5 s. */
  async giveBack(rows: readonly ClaimedRow[]): Promise<void> {
    await this.pool.query(
      `update ${this.table} o set attempts = o.attempts + 1,
         leased_until = clock_timestamp() + least(0.2 * 2 ^ least(o.attempts, 10), 5) * interval '1 second'
       from unnest($1::uuid[], $2::uuid[]) as failed(tenant_id, id)
       where o.tenant_id = failed.tenant_id and o.id = failed.id and o.sent_at is null`,
      keysOf(rows),
    );
  }

  async purge(keepSeconds: number): Promise<void> {
    for (;;) {
      const { rowCount } = await this.pool.query(
        `delete from ${this.table} where (tenant_id, id) in (
           select tenant_id, id from ${this.table} where sent_at < clock_timestamp() - make_interval(secs => $1)
           limit $2 for update skip locked)`,
        [keepSeconds, PURGE_ROWS],
      );
      if ((rowCount ?? 0) < PURGE_ROWS) return;
    }
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}

function keysOf(rows: readonly ClaimedRow[]): [string[], string[]] {
  return [rows.map((row) => row.tenantId), rows.map((row) => row.id)];
}
