import { readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Pool, PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver';
import { logger } from '@libs/logging';
import { lowerAutogroup } from './autogroup';

const log = logger('platform');

/** Of those whom nobody waits for. Nobody needs a right to take it, under `nice` either: there is none lower. */
const YIELDING = constants.priority.PRIORITY_LOW;

/**
 * Has the thread that calls it go after those who wait for an answer, where there is too little for all. Elsewhere than on Linux it would
 * be the whole process, and a system may refuse it to everybody (a service that is hardened, say): then things stay as they are.
 */
export function yieldThread(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, YIELDING);
  } catch (error) {
    log.debug({ err: error }, 'what only consumes does not yield');
  }
}

/**
 * Where there is too little for all, those who wait for an answer go before those who only consume: with what PostgreSQL does for
 * these as well. Only of an embedded PostgreSQL: one that `owner` has started, and starts again should it die.
 */
export async function yieldBackends(app: NestFastifyApplication, owner = process.pid): Promise<void> {
  if (process.platform !== 'linux') return;
  for (const dataSource of app.get<DataSource, DataSource>(DataSource, { strict: false, each: true })) {
    const pool = (dataSource.driver as PostgresDriver).master as Pool;
    pool.on('connect', (client: PoolClient & { processID?: number | null }) => {
      if (client.processID) void lower(client.processID, owner);
    });
    // those that were there before; the role is nobody else's
    try {
      const before = await dataSource.query<{ pid: number }[]>(
        'select pid from pg_stat_activity where usename = current_user',
      );
      for (const { pid } of before) void lower(pid, owner);
    } catch (error) {
      log.debug({ err: error }, 'PostgreSQL does not say which backends there are');
    }
  }
}

/** A courtesy: whatever is in its way, that the backend has ended or the process may open no file, ends nothing else. */
async function lower(pid: number, owner: number): Promise<void> {
  const isBackend = (): boolean => parentOf(parentOf(pid)) === owner;
  try {
    if (!isBackend()) return;
    setPriority(pid, YIELDING);
    await lowerAutogroup(pid, YIELDING, isBackend);
  } catch (error) {
    log.debug({ err: error, pid }, 'a backend of PostgreSQL does not yield');
  }
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
