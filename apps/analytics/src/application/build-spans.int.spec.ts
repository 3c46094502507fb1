import { Client } from 'pg';
import { newId, TenantId, TenantTransaction } from '@libs/kernel';
import { Analytics, AnalyticsDatabase } from '../../test/analytics-database';
import { aTrackedEvent } from '../../test/tracked-event.builder';
import { Period } from '../domain/period';
import { PostgresDayStore } from '../infrastructure/postgres/postgres-day.store';
import { PostgresMarkedDays } from '../infrastructure/postgres/postgres-marked-days';
import { PostgresRollupReader } from '../infrastructure/postgres/postgres-rollup.reader';
import { PostgresSpanStore } from '../infrastructure/postgres/postgres-span.store';
import { PostgresTenantZones } from '../infrastructure/postgres/postgres-tenant-zones';
import { BuildDays } from './build-days';
import { BuildSpans } from './build-spans';
import { StoreEvents } from './store-events';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ZONE = 'America/Sao_Paulo';
const APP = newId();
/** Its spans over 32 days of the past begin with it. */
const FIRST = Math.floor(Date.now() / DAY / 32 - 2) * 32 * DAY + 15 * HOUR;
let ahead = HOUR;
let database: AnalyticsDatabase;
let admin: Client;
let worker: Analytics;
let api: Analytics;
let eraser: Analytics;

beforeAll(async () => {
  database = await AnalyticsDatabase.create();
  admin = database.admin;
  worker = await database.worker(PostgresTenantZones, PostgresDayStore, PostgresSpanStore);
  eraser = await database.as('analytics_worker', [PostgresMarkedDays]);
  api = await database.api(PostgresRollupReader);
}, 60_000);
afterAll(() => database?.close());

function build(): Promise<number> {
  const clock = { now: () => new Date(Date.now() + ahead) };
  const transaction = worker.get(TenantTransaction);
  const spans = new BuildSpans(transaction, worker.get(PostgresSpanStore), clock);
  const zones = worker.get(PostgresTenantZones);
  return new BuildDays(transaction, worker.get(PostgresDayStore), zones, spans, clock).execute();
}

/** An event on each of 32 days, each of another person. */
async function aCompany(): Promise<TenantId> {
  const tenantId = newId<TenantId>();
  await store(tenantId, ...Array.from({ length: 32 }, (_, day) => day));
  return tenantId;
}

async function store(tenantId: TenantId, ...days: number[]): Promise<void> {
  const events = days.map((day) => {
    const timestamp = new Date(FIRST + day * DAY).toISOString();
    return aTrackedEvent({ tenantId, appId: APP, timestamp, userId: `pessoa-${newId()}` });
  });
  await worker.get(StoreEvents).execute(events);
}

function read(tenantId: TenantId) {
  const period = Period.ofInstants(new Date(FIRST - 12 * HOUR), new Date(FIRST + 31 * DAY + 12 * HOUR), ZONE);
  const question = { tenantId, appId: APP, period, tenantZone: ZONE };
  const reader = api.get(PostgresRollupReader);
  return api.as(tenantId, async () => {
    const { total, values } = await reader.summary(question, { dimension: 'device', limit: 5 });
    const pieces = await reader.pieces(question);
    const [{ events, users }] = [total];
    return {
      events,
      users: users.count,
      inAll: values.reduce((sum, value) => sum + value.events, 0),
      pieces: pieces.length,
    };
  });
}

async function spansOf(tenantId: TenantId): Promise<string[]> {
  const { rows } = await admin.query<{ span: string }>(
    `select days || '+' || (first_day - $2::date) as span from analytics.span_built where tenant_id = $1 order by days, first_day`,
    [tenantId, new Date(FIRST)],
  );
  return rows.map(({ span }) => span);
}

describe('BuildSpans', () => {
  it('makes a tree of days once, however many make it, and a report reads its root', async () => {
    const tenantId = await aCompany();
    await Promise.all([build(), build(), build()]);
    // who came second made days again that spans were made of already: those rest
    ahead += HOUR;
    await build();
    expect(await read(tenantId)).toEqual({ events: 32, users: 32, inAll: 32, pieces: 1 });
    const spans = await spansOf(tenantId);
    expect(new Set(spans).size).toBe(spans.length);
    expect(spans).toContain('32+0');
  });

  it('is never read where a day has changed, also by a process that knows of no spans', async () => {
    const tenantId = await aCompany();
    await build();
    await store(tenantId, 9);
    expect((await read(tenantId)).events).toBe(33);
    ahead += HOUR;
    const spans = { execute: async () => true } as unknown as BuildSpans;
    const clock = { now: () => new Date(Date.now() + ahead) };
    const zones = worker.get(PostgresTenantZones);
    const before = new BuildDays(worker.transaction, worker.get(PostgresDayStore), zones, spans, clock);
    await before.execute();
    // the branches beside the day that was made again: 8, 1, 1, 2 + 4, 16
    expect(await read(tenantId)).toEqual({ events: 33, users: 33, inAll: 33, pieces: 6 });
    await build();
    expect(await read(tenantId)).toEqual({ events: 33, users: 33, inAll: 33, pieces: 1 });
  });

  it('leaves nothing of a day that is forgotten, nor does who is at work on it meanwhile', async () => {
    const tenantId = await aCompany();
    await build();
    const { rows } = await admin.query(
      'select day::text from analytics.touched_day where tenant_id = $1 order by day offset 9 limit 1',
      [tenantId],
    );
    const day = { tenantId, appId: APP, day: rows[0].day as string };
    let forgotten: Promise<void> | undefined;
    expect(await spansOf(tenantId)).toContain('32+0');
    await admin.query(
      'update analytics.span_built set made = 0, made_at = $2 where tenant_id = $1 and days = 32',
      [tenantId, new Date(0)],
    );
    const query = worker.sql.query.bind(worker.sql);
    const meanwhile = jest.spyOn(worker.sql, 'query').mockImplementation(async (sql, params) => {
      // its halves are read: whoever forgets the day now must wait for what is made of them
      if (sql.includes('insert into analytics.span_rollup'))
        forgotten ??= eraser.transaction.runFor([tenantId], () =>
          eraser.get(PostgresMarkedDays).forgetBuilt(day),
        );
      return query(sql, params);
    });
    ahead += HOUR;
    await build();
    meanwhile.mockRestore();
    await forgotten;
    const left = await spansOf(tenantId);
    expect(left).not.toContain('32+0');
    expect(left).not.toContain('2+8');
    expect(left).toContain('16+16');
    expect((await read(tenantId)).events).toBe(32);
  });
});
