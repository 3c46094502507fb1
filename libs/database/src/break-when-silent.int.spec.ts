import { LosingProxy, TestDatabase } from '@libs/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { sampleDatabase } from '../test/sample-database';
import { openDataSource } from './open-data-source';
import { isTransient } from './sql-errors';

const PATIENCE_MS = 1_000;

describe('a PostgreSQL that is gone without a word', () => {
  let database: TestDatabase;
  let proxy: LosingProxy;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await sampleDatabase();
    proxy = await LosingProxy.to(database.urlFor('sample_worker'));
    dataSource = await openDataSource({
      name: 'silence',
      url: proxy.url,
      poolMax: 2,
      schema: 'sample',
      silenceMs: PATIENCE_MS,
    });
  });
  afterAll(async () => {
    await dataSource.destroy();
    await proxy.close();
    await database.drop();
  });

  it('fails what it was asked as an outage, and is asked again over another connection', async () => {
    await sleep(1.5 * PATIENCE_MS); // an idle connection is owed nothing
    const [before] = await dataSource.query<{ pid: number }[]>('select pg_backend_pid() as pid');
    proxy.lose('everything');
    const failure: unknown = await dataSource.query('select 1').catch((error: unknown) => error);
    expect(isTransient(failure)).toBe(true);
    proxy.carryAgain();
    const [after] = await dataSource.query<{ pid: number }[]>('select pg_backend_pid() as pid');
    expect(after?.pid).not.toBe(before?.pid);
  });

  it('keeps a transaction in which nothing is asked for long', async () => {
    const pids = await dataSource.transaction(async (manager) => {
      const before = await manager.query<unknown[]>('select pg_backend_pid()');
      await sleep(1.5 * PATIENCE_MS);
      return [before, await manager.query<unknown[]>('select pg_backend_pid()')];
    });
    expect(pids[0]).toEqual(pids[1]);
  });
});
