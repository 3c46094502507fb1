import { Client } from 'pg';
import { TenantId } from '@libs/kernel';
import { Analytics, AnalyticsDatabase } from '../../test/analytics-database';
import { aTenant, aTrackedEvent } from '../../test/tracked-event.builder';
import { UniqueSketch } from '../domain/unique-sketch';
import { RebuildDay } from './rebuild-day';
import { AppDay } from './rollup.store';
import { StoreEvents } from './store-events';
import { TrackedEvent } from './tracked-event';

const APP = '019a2b3c-0000-7000-8000-00000000000a';
const DAY = '2026-11-10';

let database: AnalyticsDatabase;
let admin: Client;
let worker: Analytics;
let store: StoreEvents;
let rebuild: RebuildDay;

beforeAll(async () => {
  database = await AnalyticsDatabase.create();
  admin = database.admin;
  worker = await database.worker();
  store = worker.get(StoreEvents);
  rebuild = worker.get(RebuildDay);
});
afterAll(() => database?.close());

const dayOf = (tenantId: TenantId, day = DAY): AppDay => ({ tenantId, appId: APP, day });

async function made(tenantId: TenantId): Promise<string[]> {
  const rows: string[] = [];
  for (const table of ['quarter_rollup', 'quarter_dimension', 'sessions']) {
    const found = await admin.query<{ row: string }>(
      `select to_jsonb(t)::text as row from analytics.${table} t where tenant_id = $1 order by 1`,
      [tenantId],
    );
    rows.push(...found.rows.map(({ row }) => row));
  }
  return rows;
}

async function seqOf(tenantId: TenantId, day = DAY): Promise<number> {
  const { rows } = await admin.query<{ seq: string }>(
    'select seq from analytics.touched_day where tenant_id = $1 and day = $2',
    [tenantId, day],
  );
  return Number(rows[0]?.seq);
}

describe('RebuildDay', () => {
  it('finds nothing to do where events came in any order, and marks nothing as changed', async () => {
    const tenantId = aTenant();
    const events = someEvents(tenantId, 600);
    for (let start = 0; start < events.length; start += 130)
      await store.execute(events.slice(start, start + 130));
    const [before, seq] = [await made(tenantId), await seqOf(tenantId)];
    for (const day of ['2026-11-09', DAY, '2026-11-11'])
      expect(await rebuild.execute(dayOf(tenantId, day))).toEqual([]);
    expect(await made(tenantId)).toEqual(before);
    expect(await seqOf(tenantId)).toBe(seq);
  });

  it('tells what is wrong, repairs it when it is to, and marks the day', async () => {
    const tenantId = aTenant();
    const busy = Array.from({ length: 12 }, () =>
      aTrackedEvent({ tenantId, eventType: 'of_a_busy_quarter', timestamp: `${DAY}T12:00:00.000Z` }),
    );
    await store.execute([...someEvents(tenantId, 300), ...busy]);
    const [before, seq] = [await made(tenantId), await seqOf(tenantId)];
    const inDay = `bucket >= '${DAY}T00:00Z' and bucket < '2026-11-11T00:00Z'`;
    await admin.query(
      `update analytics.quarter_rollup set events = events + 1 where tenant_id = $1 and event_type = '*' and ${inDay}`,
      [tenantId],
    );
    await admin.query(
      `update analytics.quarter_rollup set users = $2 where tenant_id = $1 and event_type = 'click' and ${inDay}`,
      [tenantId, UniqueSketch.empty().toBytes()],
    );
    await admin.query(
      `delete from analytics.quarter_dimension where tenant_id = $1 and dimension = 'url' and ${inDay}`,
      [tenantId],
    );
    await admin.query(
      `update analytics.quarter_rollup set few = '[["desktop"],[""],[""],["BR"],[""],[""]]' where tenant_id = $1 and event_type = 'click' and ${inDay}`,
      [tenantId],
    );
    await admin.query(
      `insert into analytics.quarter_rollup values ($1, $2, 'never_was', '${DAY}T03:00Z', 5, $3, $3)`,
      [tenantId, APP, UniqueSketch.empty().toBytes()],
    );
    await admin.query(
      `update analytics.sessions set events = events + 1 where tenant_id = $1 and started_at >= '${DAY}T06:00Z' and started_at < '${DAY}T18:00Z'`,
      [tenantId],
    );
    const damaged = await made(tenantId);
    const told = await rebuild.execute(dayOf(tenantId), { write: false });
    expect(new Set(told.map(({ what }) => what))).toEqual(new Set(['quarter', 'dimension', 'session']));
    const types = told.filter(({ what }) => what === 'dimension').map(({ which }) => which.split(' ')[0]);
    expect(new Set(types)).toEqual(new Set(['click', 'of_a_busy_quarter']));
    expect(await made(tenantId)).toEqual(damaged);
    expect(await seqOf(tenantId)).toBe(seq);
    expect(await rebuild.execute(dayOf(tenantId))).toEqual(told);
    expect(await made(tenantId)).toEqual(before);
    expect(await seqOf(tenantId)).toBeGreaterThan(seq);
    expect(await rebuild.execute(dayOf(tenantId))).toEqual([]);
  });

  it('makes everything of a day of which nothing but the raw events is left', async () => {
    const tenantId = aTenant();
    await store.execute(someEvents(tenantId, 300));
    const before = await made(tenantId);
    for (const table of ['quarter_rollup', 'quarter_dimension', 'sessions', 'touched_day', 'app_state'])
      await admin.query(`delete from analytics.${table} where tenant_id = $1`, [tenantId]);
    for (const day of ['2026-11-09', DAY, '2026-11-11']) await rebuild.execute(dayOf(tenantId, day));
    expect(await made(tenantId)).toEqual(before);
  });

  it('knows a session whole that began days before and goes on for days after', async () => {
    const tenantId = aTenant();
    const screen = Array.from({ length: 6 * 24 * 3 }, (_, n) =>
      aTrackedEvent({
        tenantId,
        eventType: 'heartbeat',
        timestamp: new Date(Date.UTC(2026, 10, 7) + n * 20 * 60_000).toISOString(),
      }),
    );
    await store.execute(screen);
    const { rows } = await admin.query<{ events: number }>(
      'select events from analytics.sessions where tenant_id = $1',
      [tenantId],
    );
    expect(rows).toEqual([{ events: screen.length }]);
    expect(await rebuild.execute(dayOf(tenantId))).toEqual([]);
    await admin.query('delete from analytics.sessions where tenant_id = $1', [tenantId]);
    expect(await rebuild.execute(dayOf(tenantId))).toHaveLength(1);
    expect(await rebuild.execute(dayOf(tenantId, '2026-11-08'))).toEqual([]);
  });

  it('takes any 256 values as right that were counted right, and the most frequent when it writes', async () => {
    const tenantId = aTenant();
    const page = (n: number) =>
      aTrackedEvent({
        tenantId,
        timestamp: `${DAY}T12:00:00.000Z`,
        context: { url: `https://loja.example/${letters(n)}` },
      });
    await store.execute(Array.from({ length: 300 }, (_, n) => page(n)));
    await store.execute(Array.from({ length: 300 }, () => page(700)));
    expect(await rebuild.execute(dayOf(tenantId))).toEqual([]);
    await admin.query(
      `delete from analytics.quarter_dimension where tenant_id = $1 and dimension = 'url' and value is null`,
      [tenantId],
    );
    expect(await rebuild.execute(dayOf(tenantId))).toHaveLength(1);
    const { rows } = await admin.query<{ value: string | null; events: string }>(
      `select value, events from analytics.quarter_dimension where tenant_id = $1 and dimension = 'url' order by events desc limit 2`,
      [tenantId],
    );
    expect(rows).toEqual([
      { value: `loja.example/${letters(700)}`, events: '300' },
      { value: null, events: '45' },
    ]);
    expect(await rebuild.execute(dayOf(tenantId))).toEqual([]);
  });

  it('loses nothing of what is stored meanwhile, and repairs nothing that is right', async () => {
    const tenantId = aTenant();
    const events = someEvents(tenantId, 1_500);
    await store.execute(events.slice(0, 300));
    const storing = (async () => {
      for (let start = 300; start < events.length; start += 100)
        await store.execute(events.slice(start, start + 100));
    })();
    const told = [];
    for (let turn = 0; turn < 6; turn += 1) told.push(...(await rebuild.execute(dayOf(tenantId))));
    await storing;
    expect(told).toEqual([]);
    const alone = aTenant();
    await store.execute(events.map((event) => ({ ...event, tenantId: alone })));
    const sum = async (of: string) =>
      (
        await admin.query(
          `select event_type, bucket, events from analytics.quarter_rollup where tenant_id = $1 order by 1, 2`,
          [of],
        )
      ).rows;
    expect(await sum(tenantId)).toEqual(await sum(alone));
  });
});

function letters(n: number): string {
  return [...n.toString(26)].map((digit) => String.fromCharCode(97 + parseInt(digit, 26))).join('');
}

/** Three days of some people, from the evening before to the morning after. */
function someEvents(tenantId: TenantId, count: number): TrackedEvent[] {
  let state = 7;
  const random = (below: number) => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
  return Array.from({ length: count }, () => {
    const person = random(9);
    return aTrackedEvent({
      tenantId,
      timestamp: new Date(Date.UTC(2026, 10, 9, 21) + random(30 * 3_600) * 1_000).toISOString(),
      eventType: ['page_view', 'click', 'login'][random(3)] as string,
      userId: person < 6 ? `user-${person}` : undefined,
      deviceId: person < 8 ? `device-${person}` : undefined,
      sessionId: person < 8 ? `session-${person}` : undefined,
      context: { url: `https://app.example/${['a', 'b', 'c'][random(3)]}` },
    });
  });
}
