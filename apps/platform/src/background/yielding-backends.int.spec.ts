import { readFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { openDataSource } from '@libs/database';
import { TestDatabase, testDatabase } from '@libs/testing';
import { DataSource } from 'typeorm';
import { analyticsSchema } from '../../../analytics/src/analytics.schema';
import { yieldBackends } from './yielding-backends';

let database: TestDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  database = await testDatabase([analyticsSchema]);
});
afterAll(() => database.drop());
beforeEach(async () => {
  const url = database.urlFor('analytics_worker');
  dataSource = await openDataSource({ name: 'test', schema: 'analytics', url, poolMax: 3 });
});
afterEach(() => dataSource.destroy());

const app = { get: () => [dataSource] } as unknown as NestFastifyApplication;

async function backend(): Promise<number> {
  const [row] = await dataSource.query<{ pid: number }[]>('select pg_backend_pid() as pid, pg_sleep(0.2)');
  return row?.pid ?? 0;
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

it('lowers the backends of its own connections, those that are there and those to come', async () => {
  const first = await backend();
  await yieldBackends(app, parentOf(first));
  const all = await Promise.all([backend(), backend(), backend()]);
  expect(new Set(all).size).toBe(3);
  expect([first, ...all].map((pid) => getPriority(pid))).toEqual([10, 10, 10, 10]);
});

it('leaves processes alone that are no children of the postmaster', async () => {
  const pid = await backend();
  const before = getPriority(pid);
  await yieldBackends(app, process.pid);
  expect(getPriority(pid)).toBe(before);
  expect(getPriority(await backend())).toBe(before);
});

it('raises none that is lower already, which only root may', async () => {
  const pid = await backend();
  setPriority(pid, 15);
  await yieldBackends(app, parentOf(pid));
  expect(getPriority(pid)).toBe(15);
});
