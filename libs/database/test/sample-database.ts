import { Outbox, TenantTransaction } from '@libs/kernel';
import { testDatabase, TestDatabase } from '@libs/testing';
import { Test, TestingModule } from '@nestjs/testing';
import { Pool } from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver';
import { DatabaseModule } from '../src/database.module';
import { DeadLetters } from '../src/dead-letters';
import { Inbox } from '../src/inbox';
import { SqlSession } from '../src/sql-session';
import { sampleSchema } from './sample-schema';

/** One role's view of the sample database, wired as an app wires it. */
export interface SampleApp {
  transaction: TenantTransaction;
  sql: SqlSession;
  outbox: Outbox;
  inbox: Inbox;
  deadLetters: DeadLetters;
  pool: Pool;
  close(): Promise<void>;
}

export function sampleDatabase(): Promise<TestDatabase> {
  return testDatabase([sampleSchema]);
}

export async function sampleApp(url: string, poolMax = 4): Promise<SampleApp> {
  const module: TestingModule = await Test.createTestingModule({
    imports: [DatabaseModule.forRoot({ name: 'sample', url, poolMax, schema: 'sample' })],
  }).compile();
  const pool = (module.get(DataSource).driver as PostgresDriver).master as Pool;
  return {
    transaction: module.get(TenantTransaction),
    sql: module.get(SqlSession),
    outbox: module.get(Outbox),
    inbox: module.get(Inbox),
    deadLetters: module.get(DeadLetters),
    pool,
    close: () => module.close(),
  };
}
