import { isUuid, newId, TenantId, TenantTransaction } from '@libs/kernel';
import { DeadLetter, DeadLetters, StoredDeadLetter } from './dead-letters';
import { SqlSession } from './sql-session';

interface Row {
  id: string;
  tenant_id: string | null;
  source: string;
  reason: string;
  detail: string;
  payload: string;
  created_at: Date;
}

export class PostgresDeadLetters extends DeadLetters {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly sql: SqlSession,
    private readonly schema: string,
  ) {
    super();
  }

  async add(letters: readonly DeadLetter[]): Promise<string[]> {
    if (letters.length === 0) return [];
    const ids = letters.map(() => newId());
    const tenants = letters.map(({ tenantId }) => (isUuid(tenantId) ? (tenantId as TenantId) : null));
    const named = [...new Set(tenants.filter((tenantId) => tenantId !== null))];
    await this.transaction.runFor(named, () =>
      this.sql.query(
        `insert into ${this.schema}.dead_letter (id, tenant_id, source, reason, detail, payload)
         select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])`,
        [
          ids,
          tenants,
          letters.map((letter) => storable(letter.source)),
          letters.map((letter) => storable(letter.reason)),
          letters.map((letter) => storable(letter.detail)),
          letters.map((letter) => storable(letter.payload)),
        ],
      ),
    );
    return ids;
  }

  async pending(source: string, limit: number, before?: Date): Promise<StoredDeadLetter[]> {
    const rows = await this.sql.query<Row>(
      `select id, tenant_id, source, reason, detail, payload, created_at from ${this.schema}.dead_letter
       where source = $1 and redriven_at is null and created_at <= coalesce($3, 'infinity'::timestamptz)
       order by id limit $2`,
      [source, limit, before ?? null],
    );
    return rows.map((row) => ({
      id: row.id,
      ...(row.tenant_id === null ? {} : { tenantId: row.tenant_id }),
      source: row.source,
      reason: row.reason,
      detail: row.detail,
      payload: row.payload,
      createdAt: row.created_at,
    }));
  }

  async markRedriven(ids: readonly string[]): Promise<void> {
    await this.sql.query(
      `update ${this.schema}.dead_letter set redriven_at = clock_timestamp()
       where id = any ($1::uuid[]) and redriven_at is null`,
      [ids],
    );
  }
}

/** PostgreSQL's text cannot hold NUL, and what is dead-lettered is by nature unclean. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD');
}
