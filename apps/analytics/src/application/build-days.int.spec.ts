import { Client } from 'pg';
import { newId, TenantId, TenantTransaction } from '@libs/kernel';
import { Analytics, AnalyticsDatabase } from '../../test/analytics-database';
import { aTrackedEvent } from '../../test/tracked-event.builder';
import { Period } from '../domain/period';
import { PostgresDayStore } from '../infrastructure/postgres/postgres-day.store';
import { PostgresSpanStore } from '../infrastructure/postgres/postgres-span.store';
import { PostgresRollupReader } from '../infrastructure/postgres/postgres-rollup.reader';
import { PostgresTenantZones } from '../infrastructure/postgres/postgres-tenant-zones';
import { BuildDays } from './build-days';
import { BuildSpans } from './build-spans';
import { DayStore } from './day.store';
import { SpanStore } from './span.store';
import { StoreEvents } from './store-events';
import { TenantZones } from './tenant-zones';

const NOW = new Date();
const APP = newId();
const HOUR = 3_600_000;
let database: AnalyticsDatabase;
let admin: Client;
let worker: Analytics;
let api: Analytics;

beforeAll(async () => {
  database = await AnalyticsDatabase.create();
  admin = database.admin;
  worker = await database.worker(
    { provide: TenantZones, useClass: PostgresTenantZones },
    { provide: DayStore, useClass: PostgresDayStore },
    { provide: SpanStore, useClass: PostgresSpanStore },
  );
  api = await database.api(PostgresRollupReader);
}, 60_000);
afterAll(() => database?.close());

/** One that has looked at nothing yet. */
function builder(now = new Date(NOW.getTime() + HOUR)): BuildDays {
  const [transaction, clock] = [worker.get(TenantTransaction), { now: () => now }];
  const spans = new BuildSpans(transaction, worker.get(SpanStore), clock);
  return new BuildDays(transaction, worker.get(DayStore), worker.get(TenantZones), spans, clock);
}
const hoursAgo = (hours: number): string => new Date(NOW.getTime() - hours * HOUR).toISOString();

async function aCompany(...hours: number[]): Promise<TenantId> {
  const tenantId = newId<TenantId>();
  await store(tenantId, ...hours);
  return tenantId;
}

async function store(tenantId: TenantId, ...hours: number[]): Promise<void> {
  const events = hours.map((ago) => aTrackedEvent({ tenantId, appId: APP, timestamp: hoursAgo(ago) }));
  await worker.get(StoreEvents).execute(events);
}

async function builtOf(tenantId: TenantId): Promise<{ day: string; mark: string }[]> {
  const { rows } = await admin.query(
    'select day::text, mark from analytics.day_built where tenant_id = $1 order by day',
    [tenantId],
  );
  return rows;
}

function eventsOf(tenantId: TenantId): Promise<number> {
  const period = Period.last(30, NOW, 'America/Sao_Paulo');
  const question = { tenantId, appId: APP, period, tenantZone: 'America/Sao_Paulo' };
  return api.as(tenantId, async () => (await api.get(PostgresRollupReader).summary(question)).total.events);
}

/** Of each hour that has some, when it began, and its events, users and sessions. */
async function hoursOf(tenantId: TenantId): Promise<unknown[]> {
  const period = Period.last(30, NOW, 'America/Sao_Paulo');
  const question = { tenantId, appId: APP, period, tenantZone: 'America/Sao_Paulo' };
  const hours = period.hours();
  const points = await api.as(tenantId, () => api.get(PostgresRollupReader).timeline(question, hours, true));
  return points.flatMap(({ events, users, sessions }, at) =>
    events > 0 ? [[hours[at]?.start, events, users, sessions]] : [],
  );
}

describe('BuildDays', () => {
  it('makes every day once, however many make them', async () => {
    const tenantId = await aCompany(200, 230, 260, 300);
    await Promise.all([builder().execute(), builder().execute(), builder().execute()]);
    const days = (await builtOf(tenantId)).map(({ day }) => day);
    expect(days.length).toBeGreaterThanOrEqual(4);
    expect(new Set(days).size).toBe(days.length);
    expect(await eventsOf(tenantId)).toBe(4);
    expect(await builder().execute()).toBe(0);
  });

  it('never lets a report say what was true before', async () => {
    const tenantId = await aCompany(200, 26, 3);
    await builder().execute();
    await store(tenantId, 200.3, 26.3, 3.3);
    expect(await eventsOf(tenantId)).toBe(6);
    await builder().execute();
    expect(await eventsOf(tenantId)).toBe(6);
  });

  it('keeps what the hours of a day come to, which are told without its quarters', async () => {
    const tenantId = await aCompany(200, 200.1, 203, 230);
    const ofQuarters = await hoursOf(tenantId);
    await builder().execute();
    await admin.query('delete from analytics.quarter_rollup where tenant_id = $1', [tenantId]);
    expect(await hoursOf(tenantId)).toEqual(ofQuarters);
    expect(ofQuarters.length).toBeGreaterThanOrEqual(3);
  });

  it('reads the quarters of days that were made when hours were not kept', async () => {
    const tenantId = await aCompany(200, 200.1, 203, 230);
    const ofQuarters = await hoursOf(tenantId);
    await builder().execute();
    await admin.query(
      'update analytics.day_rollup set hour_events = null, hour_users = null, hour_sessions = null where tenant_id = $1',
      [tenantId],
    );
    expect(await hoursOf(tenantId)).toEqual(ofQuarters);
  });

  it('leaves the last days as they are while only the hours after them change', async () => {
    const tenantId = await aCompany(5);
    await builder(new Date(NOW.getTime() - 2 * HOUR)).execute();
    const [before] = await builtOf(tenantId);
    await store(tenantId, 0);
    expect(await builder(new Date(NOW.getTime() - 2 * HOUR)).execute()).toBe(0);
    expect((await builtOf(tenantId))[0]).toEqual(before);
    expect(await eventsOf(tenantId)).toBe(2);
  });

  it('notices that quarters went, and a day of which nothing is left', async () => {
    const tenantId = await aCompany(26, 200);
    await builder().execute();
    await admin.query('delete from analytics.quarter_rollup where tenant_id = $1', [tenantId]);
    await admin.query('update analytics.touched_day set seq = seq + 1000000 where tenant_id = $1', [
      tenantId,
    ]);
    expect(await eventsOf(tenantId)).toBe(0);
  });

  it('makes the days of the others where those of one cannot be made', async () => {
    const [damaged, sound] = [await aCompany(26), await aCompany(26)];
    await admin.query(`update analytics.quarter_rollup set users = '\\x7f' where tenant_id = $1`, [damaged]);
    const building = builder();
    await expect(building.execute()).rejects.toThrow('the days of 1 applications could not be made');
    expect(await builtOf(sound)).not.toEqual([]);
    // not at once again: nobody repaired it
    expect(await building.execute()).toBe(0);
    await admin.query('delete from analytics.app_state where tenant_id = $1', [damaged]);
  });

  it('drops the days of a zone that the tenant has left', async () => {
    const tenantId = await aCompany(200);
    await builder().execute();
    await admin.query(`insert into analytics.tenant_zone values ($1, 'Asia/Kathmandu', 1)`, [tenantId]);
    await builder().execute();
    const { rows } = await admin.query(
      'select distinct time_zone from analytics.day_rollup where tenant_id = $1',
      [tenantId],
    );
    expect(rows).toEqual([{ time_zone: 'Asia/Kathmandu' }]);
  });

  it('makes days anew once in hours, however often a tenant changes its zone; its reports add up all the while', async () => {
    const tenantId = await aCompany(200, 203, 206, 209, 230);
    const tell = (zone: string) =>
      admin.query(
        `insert into analytics.tenant_zone as z values ($1, $2, 1)
         on conflict (tenant_id) do update set time_zone = excluded.time_zone, revision = z.revision + 1`,
        [tenantId, zone],
      );
    const zones = async () => {
      const { rows } = await admin.query<{ zone: string }>(
        'select distinct time_zone as zone from analytics.day_built where tenant_id = $1',
        [tenantId],
      );
      return rows.map(({ zone }) => zone);
    };
    const later = (hours: number) => builder(new Date(NOW.getTime() + hours * HOUR));
    await tell('UTC');
    await later(1).execute();
    for (const zone of ['Asia/Tokyo', 'Asia/Kathmandu', 'Asia/Tokyo']) {
      await tell(zone);
      await later(2).execute();
      expect(await zones()).toEqual(['UTC']);
    }
    const perDay = async (tenantZone: string) => {
      const period = Period.last(30, NOW, 'Asia/Tokyo');
      const days = period.days();
      const cuts = days.map(({ start }) => start);
      const question = { tenantId, appId: APP, period, tenantZone };
      const pieces = await api.as(tenantId, () => api.get(PostgresRollupReader).pieces(question, cuts));
      return days.map((day) =>
        pieces
          .filter(({ start, end }) => start >= day.start && end <= day.end)
          .reduce((sum, { events }) => sum + events, 0),
      );
    };
    const ofQuarters = await perDay('');
    expect(ofQuarters.reduce((sum, events) => sum + events)).toBe(5);
    expect(await perDay('UTC')).toEqual(ofQuarters);
    await later(8).execute();
    expect(await zones()).toEqual(['Asia/Tokyo']);
    expect(await perDay('Asia/Tokyo')).toEqual(ofQuarters);
  });

  it('keeps nothing of a day that changed while it was made', async () => {
    const tenantId = await aCompany(26);
    const query = worker.sql.query.bind(worker.sql);
    const meanwhile = jest.spyOn(worker.sql, 'query').mockImplementation(async (sql, params) => {
      const rows = await query(sql, params);
      if (sql.includes('insert into analytics.day_dimension'))
        await admin.query('update analytics.quarter_rollup set events = events where tenant_id = $1', [
          tenantId,
        ]);
      return rows;
    });
    await builder().execute();
    meanwhile.mockRestore();
    // '0:0' has the neighbour that the same UTC day touches, and nothing in it
    expect((await builtOf(tenantId)).filter(({ mark }) => mark !== '0:0')).toEqual([]);
    await builder().execute();
    expect((await builtOf(tenantId)).filter(({ mark }) => mark !== '0:0')).toHaveLength(1);
  });
});
