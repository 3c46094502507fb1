export interface EmbeddedPostgresOptions {
  /** Where it keeps its cluster, port and secrets; deleting it is a factory reset. */
  dataDir: string;
  /** What it does, in a few lines. */
  log?: (line: string) => void;
  /** Server settings over the defaults: `{ fsync: 'off' }` for tests. */
  settings?: Record<string, string>;
}

export interface EmbeddedPostgres {
  /** Superuser, database `moneyflow`, loopback. */
  adminUrl: string;
  /** A random secret made on first start and kept: DATABASE_ROLE_SECRET of the embedded mode. */
  roleSecret: string;
  port: number;
  /** PGDATA. */
  cluster: string;
  /** Of the postmaster at this moment. */
  readonly pid: number;
  /** Fast shutdown: transactions are rolled back, everything committed is on disk. ≤8 s. */
  stop(): Promise<void>;
}
