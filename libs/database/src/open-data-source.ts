import { ConfigError } from '@libs/config';
import { logger } from '@libs/logging';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver';
import type { Pool, PoolConfig } from 'pg';
import { breakWhenSilent, SILENCE_MS } from './break-when-silent';
import { refuseUnsafeRole } from './role-wall';
import { isTransient } from './sql-errors';

export interface DatabaseOptions {
  /** Shows in pg_stat_activity: `releases-api`. */
  name: string;
  /** Of the app's own role. */
  url: string;
  poolMax: number;
  /** The schema its outbox, inbox and dead letters live in. */
  schema: string;
  /** The environment variable `url` came from, for messages. Default DATABASE_URL. */
  urlVariable?: string;
  /** How long boot waits for a database that is not there yet. Default 15 s. */
  bootTimeoutMs?: number;
  /** How long a server that owes an answer may say nothing. Default 35 s, which no statement runs. */
  silenceMs?: number;
}

/** @throws ConfigError for a role that could pass row-level security, a wrong password, a missing database or schema */
export async function openDataSource(options: DatabaseOptions): Promise<DataSource> {
  const variable = options.urlVariable ?? 'DATABASE_URL';
  const dataSource = new DataSource({
    type: 'postgres',
    url: options.url,
    schema: options.schema,
    applicationName: `moneyflow-${options.name}`,
    poolSize: options.poolMax,
    installExtensions: false,
    logging: false,
    poolErrorHandler: (error: Error) =>
      logger('database').warn({ reason: error.message }, 'an idle connection broke'),
    extra: poolSettings(options),
  });
  await connected(dataSource, variable, Date.now() + (options.bootTimeoutMs ?? 15_000));
  try {
    await refuseUnsafeRole((dataSource.driver as PostgresDriver).master as Pool, options.schema, variable);
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
  return dataSource;
}

function poolSettings(options: DatabaseOptions): PoolConfig {
  return {
    // Also the longest wait for a free connection: past it the caller gets a 503 instead of a queue without end.
    connectionTimeoutMillis: 5000,
    idleTimeoutMillis: 10_000,
    keepAlive: true,
    statement_timeout: 30_000,
    // A process that hangs inside a transaction must not hold its locks for ever.
    idle_in_transaction_session_timeout: 60_000,
    onConnect: (client) => breakWhenSilent(client, options.silenceMs ?? SILENCE_MS),
  };
}

async function connected(dataSource: DataSource, variable: string, deadline: number): Promise<void> {
  for (;;) {
    try {
      await dataSource.initialize();
      return;
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code?.startsWith('28')) throw new ConfigError([`${variable} is refused by PostgreSQL: ${message}`]);
      if (code === '3D000') throw new ConfigError([`${variable} names a missing database: ${message}`]);
      if (!isTransient(error)) throw error;
      if (Date.now() >= deadline)
        throw new ConfigError([`${variable} names a PostgreSQL that does not answer: ${message || code}`]);
      await sleep(250);
    }
  }
}
