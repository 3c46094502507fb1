import { readFileSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';
import { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Pool, PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver';

/**
 * Where there is too little for all, those who wait for an answer go before those who only consume: with what PostgreSQL does for
 * these as well. Only of an embedded PostgreSQL, whose postmaster is `postmaster`; a backend of any other is no child of it.
 */
export async function yieldBackends(app: NestFastifyApplication, postmaster: number): Promise<void> {
  for (const dataSource of app.get<DataSource, DataSource>(DataSource, { strict: false, each: true })) {
    const pool = (dataSource.driver as PostgresDriver).master as Pool;
    pool.on('connect', (client: PoolClient & { processID?: number | null }) => {
      if (client.processID) lower(client.processID, postmaster);
    });
    // those that were there before; the role is nobody else's
    const before = await dataSource.query<{ pid: number }[]>(
      'select pid from pg_stat_activity where usename = current_user',
    );
    for (const { pid } of before) lower(pid, postmaster);
  }
}

function lower(pid: number, postmaster: number): void {
  try {
    // under `nice` it may be lower already, and only root may raise it
    const yields = getPriority(pid) >= constants.priority.PRIORITY_BELOW_NORMAL;
    if (!yields && parentOf(pid) === postmaster) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    // it has ended meanwhile
    if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
