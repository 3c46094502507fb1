import { existsSync, readFileSync } from 'node:fs';
import os, { getPriority } from 'node:os';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { openDataSource } from '@libs/database';
import { eventually, TestDatabase, testDatabase } from '@libs/testing';
import { DataSource } from 'typeorm';
import { analyticsSchema } from '../../../analytics/src/analytics.schema';
import { lowerAutogroup } from './autogroup';
import { yieldBackends, yieldThread } from './yielding-backends';

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

/** Of its session, by which Linux shares the processor before it looks at priorities. */
function autogroup(pid: number): number {
  return Number(/nice (-?\d+)/.exec(readFileSync(`/proc/${pid}/autogroup`, 'utf8'))?.[1]);
}
const hasAutogroups = existsSync('/proc/self/autogroup');

it('lowers the backends of its own connections, those that are there and those to come', async () => {
  const first = await backend();
  await yieldBackends(app, parentOf(parentOf(first)));
  const all = await Promise.all([backend(), backend(), backend()]);
  expect(new Set(all).size).toBe(3);
  expect([first, ...all].map((pid) => getPriority(pid))).toEqual([19, 19, 19, 19]);
  if (hasAutogroups) await eventually(() => expect(all.map(autogroup)).toEqual([19, 19, 19]));
});

it('leaves the backends of a PostgreSQL alone that somebody else started', async () => {
  const pid = await backend();
  const before = getPriority(pid);
  await yieldBackends(app, -1);
  const later = await backend();
  expect([pid, later].map((each) => getPriority(each))).toEqual([before, before]);
  if (hasAutogroups) expect([pid, later].map(autogroup)).toEqual([0, 0]);
});

it('shrugs at a backend that has ended', async () => {
  const ended = await backend();
  await dataSource.query('select pg_terminate_backend($1)', [ended]).catch(() => undefined);
  await expect(lowerAutogroup(ended, 19, () => true)).resolves.toBeUndefined();
});

it('keeps nobody from starting where PostgreSQL does not say which backends there are', async () => {
  jest.spyOn(dataSource, 'query').mockRejectedValueOnce(new Error('Connection terminated unexpectedly'));
  await expect(yieldBackends(app, -1)).resolves.toBeUndefined();
});

it('is a courtesy: a system that lets nobody change priorities, as hardened services have it, ends nothing', () => {
  const refused = jest.spyOn(os, 'setPriority').mockImplementation(() => {
    throw Object.assign(new Error('uv_os_setpriority returned EPERM'), { code: 'ERR_SYSTEM_ERROR' });
  });
  expect(yieldThread).not.toThrow();
  expect(refused).toHaveBeenCalledWith(0, 19);
  refused.mockRestore();
});
