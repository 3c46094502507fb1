import { SqlSession } from '@libs/database';

/** Lines up whoever adds to `table` for this tenant until they commit: two that count at once would both find room. */
export async function lockForCounting(sql: SqlSession, table: string, tenantId: string): Promise<void> {
  await sql.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`${table} ${tenantId}`]);
}
