import { logger } from '@libs/logging';
import { SqlSession } from './sql-session';

const EVERYTHING = '0';

export interface SnapshotOf {
  /** `<schema>.<table>`, whose column `changed_in` has the id of the transaction that last changed the row, and an index. */
  table: string;
  /** Those that are wanted, in SQL. */
  columns: string;
  everyMs: number;
  /** Whose log tells that it cannot be read: `security`. */
  log: string;
}

/**
 * A whole table as this process last saw it, refreshed with what changed since, so that nobody waits for it. By transaction ids:
 * what commits later has one from the horizon on, however long it ran; a row's time or number would not tell. Rows between the
 * horizon and now come again next time, which does no harm. No row of such a table goes away.
 */
export class RefreshingSnapshot<Row extends object> {
  private readonly log: ReturnType<typeof logger>;
  /** The oldest transaction that might not have been visible last time. */
  private horizon = EVERYTHING;
  private timer?: NodeJS.Timeout;
  private refreshing?: Promise<void>;
  private away = false;

  /** @param keep takes what changed; `all`: these rows are all there are, and what was kept before is outdated */
  constructor(
    private readonly sql: SqlSession,
    private readonly of: SnapshotOf,
    private readonly keep: (rows: readonly Row[], all: boolean) => void | Promise<void>,
  ) {
    this.log = logger(of.log);
  }

  /** Looks for the first time, and from then on again and again. @throws when it cannot: better no process */
  async start(): Promise<void> {
    await this.load();
    this.timer = setInterval(() => void this.refresh(), this.of.everyMs);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Looks now; never rejects: while the database is away the last look stands. */
  refresh(): Promise<void> {
    const { table } = this.of;
    this.refreshing ??= this.load()
      .then(() => {
        if (this.away) this.log.info({ table }, 'a copy is fresh again');
        this.away = false;
      })
      .catch((error: unknown) => {
        // It may come back as another one, restored from a backup: then all of it is read again.
        this.horizon = EVERYTHING;
        if (!this.away) this.log.error({ err: error, table }, 'a copy cannot be refreshed');
        this.away = true;
      })
      .finally(() => {
        this.refreshing = undefined;
      });
    return this.refreshing;
  }

  private async load(): Promise<void> {
    const rows = await this.sql.query<Row & { horizon: string; is_row: boolean }>(
      `select pg_snapshot_xmin(pg_current_snapshot())::text as horizon, changed_in is not null as is_row, ${this.of.columns}
       from (select 1) as always left join ${this.of.table} on changed_in >= $1::text::xid8`,
      [this.horizon],
    );
    const changed = rows.filter(({ is_row }) => is_row);
    await this.keep(changed, this.horizon === EVERYTHING);
    this.horizon = rows[0]?.horizon ?? EVERYTHING;
  }
}
