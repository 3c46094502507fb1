import { SqlSession } from '@libs/database';

/** What an upkeep deletes of a schema. */
export class ExpiredRows {
  constructor(
    private readonly sql: SqlSession,
    private readonly schema: 'events' | 'analytics',
  ) {}

  /** Whether nobody else deletes now; until the end of the open transaction. */
  async lock(): Promise<boolean> {
    const [row] = await this.sql.query<{ mine: boolean }>(
      'select pg_try_advisory_xact_lock(hashtext($1)) as mine',
      [`${this.schema}.upkeep`],
    );
    return row?.mine ?? false;
  }

  /** Dead letters, of every tenant and of none, 90 days after they came. Outside a transaction. @returns how many */
  async deleteDeadLetters(most: number): Promise<number> {
    const [row] = await this.sql.query<{ deleted: number }>(
      `select ${this.schema}.purge_dead_letters($1) as deleted`,
      [most],
    );
    return row?.deleted ?? 0;
  }

  /** Runs a `delete` without `returning`. @returns how many rows went */
  async delete(statement: string, values: readonly unknown[]): Promise<number> {
    const [row] = await this.sql.query<{ deleted: number }>(
      `with gone as (${statement} returning 1) select count(*)::int as deleted from gone`,
      values,
    );
    return row?.deleted ?? 0;
  }
}
