import { AsyncLocalStorage } from 'node:async_hooks';
import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver';
import { DatabaseUnavailable } from './sql-errors';

export type LastWrite = (items: readonly unknown[]) => Promise<void>;

/** An open transaction: its connection, and the tenants it was opened for. */
export interface Scope {
  readonly client: PoolClient;
  readonly tenants: ReadonlySet<string>;
  readonly afterCommit: (() => void)[];
  /** What is written last of all, by whom. */
  readonly atCommit: Map<LastWrite, unknown[]>;
  /** Set when it commits or rolls back: a query that was not awaited in time must not run on a connection given back. */
  over: boolean;
  /** Why it cannot commit any more, even if its work swallows the error. */
  readonly failures: unknown[];
}

/** Knows, per data source, which transaction the current asynchronous call chain is in. */
export class ConnectionScopes {
  private readonly storage = new AsyncLocalStorage<Scope>();

  constructor(private readonly dataSource: DataSource) {}

  current(): Scope | undefined {
    return this.storage.getStore();
  }

  run<T>(scope: Scope, work: () => Promise<T>): Promise<T> {
    return this.storage.run(scope, work);
  }

  /** @throws DatabaseUnavailable once the application is closed: a request may outlast it */
  get pool(): Pool {
    const pool = (this.dataSource.driver as PostgresDriver).master as Pool | undefined;
    if (!pool) throw new DatabaseUnavailable(new Error('the connections are closed'));
    return pool;
  }
}
