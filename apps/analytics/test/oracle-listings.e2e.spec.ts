import { Provider } from '@nestjs/common';
import { newId } from '@libs/kernel';
import { call } from '@libs/testing';
import { BuildDays } from '../src/application/build-days';
import { TenantZones } from '../src/application/tenant-zones';
import { days } from '../src/days.wiring';
import { PostgresTenantZones } from '../src/infrastructure/postgres/postgres-tenant-zones';
import { AnalyticsHouse, TestTenant } from './analytics.house';
import { openAnalytics } from './analytics-database';
import { AnalyticsOracle, Asked } from './analytics-oracle';
import { asTheLogBringsThem, generatedEvents } from './generated-traffic';
import { aTrackedEvent } from './tracked-event.builder';

type Row = Record<string, unknown>;

interface Told {
  from: string;
  to: string;
  items: Row[];
  nextCursor: string | null;
  active: { visitors: number };
  [part: string]: unknown;
}

const DAY = 86_400_000;
const MINUTE = 60_000;
// its clocks change in March and November
const ZONE = 'America/New_York';
const NOW = Date.now();
const PERSON = 'pessoa-7';

let house: AnalyticsHouse;
let tenant: TestTenant;
let token: string;
let oracle: AnalyticsOracle;
let all: Asked;

beforeAll(async () => {
  house = await AnalyticsHouse.open({ CACHE_TTL: '0' });
  oracle = new AnalyticsOracle(house.admin);
  tenant = await house.tenant();
  token = house.token(tenant, 'analytics:read tenant:write');
  await house.admin.query('insert into analytics.tenant_zone values ($1, $2, 1)', [tenant.tenantId, ZONE]);
  const from = new Date(NOW - 62 * DAY);
  const appIds = [tenant.appId, tenant.appId, tenant.appId, newId()];
  const traffic = { seed: 5, tenantId: tenant.tenantId, appIds, from, days: 62, events: 5_000 };
  const events = generatedEvents({ ...traffic, turn: new Date(NOW - 7 * DAY) });
  const past = events.filter(({ occurredAt }) => Date.parse(occurredAt) < NOW);
  for (const batch of asTheLogBringsThem(past, 5)) await house.store(batch);
  const lately = [1, 1, 2, 3, 9, 12].map((minutes, at) =>
    aTrackedEvent({
      ...tenant,
      userId: `agora-${at}`,
      timestamp: new Date(NOW - minutes * MINUTE).toISOString(),
    }),
  );
  await house.store(lately);
  all = { ...tenant, from: new Date(NOW - 30 * DAY), to: new Date(NOW) };
}, 120_000);
afterAll(() => house?.close());

const period = () => `startDate=${all.from.toISOString()}&endDate=${all.to.toISOString()}`;

async function ask(path: string): Promise<Told> {
  const { status, body } = await call<Told>(house.url, `/api/v1/analytics/${path}`, { token });
  expect(status).toBe(200);
  return body;
}

async function file(query: string): Promise<string> {
  const url = `${house.url}/api/v1/analytics/export?${period()}&${query}`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  expect(response.status).toBe(200);
  return response.text();
}

/** As they stand in JSON, the columns that `like` has. */
function asJson(rows: readonly Row[], like: Row | undefined): Row[] {
  const columns = Object.keys(like ?? {}).filter((column) => column !== 'visitor');
  const plain = JSON.parse(JSON.stringify(rows)) as Row[];
  return plain.map((row) => Object.fromEntries(columns.map((column) => [column, row[column] ?? null])));
}

describe.each([
  ['of quarters alone', async () => undefined],
  ['of what was made beforehand', buildDays],
])('the overview agrees with the oracle, %s:', (_state, before) => {
  let told: Told;
  /** Where the local day so many days ago began. */
  let dayAgo: (days: number) => Date;

  beforeAll(async () => {
    await before();
    // or today would be empty in the first minutes of a day
    await house.store([aTrackedEvent({ ...tenant, userId: 'agora', timestamp: new Date().toISOString() })]);
    told = await ask(`apps/${tenant.appId}/overview`);
    const { rows } = await house.admin.query<{ ago: number; start: Date }>(
      `select ago, (date_trunc('day', $1::timestamptz - interval '1 ms', $2) at time zone $2 - make_interval(days => ago)) at time zone $2
         as start from generate_series(0, 59) as ago`,
      [told.to, ZONE],
    );
    dayAgo = (days) => rows.find(({ ago }) => ago === days)!.start;
    expect(told.from).toBe(dayAgo(59).toISOString());
  }, 60_000);

  it.each([
    ['today', 0, -1],
    ['yesterday', 1, 0],
    ['last7Days', 6, -1],
    ['last7Days.previous', 13, 6],
    ['last30Days', 29, -1],
    ['last30Days.previous', 59, 29],
  ])('%s', async (path, first, after) => {
    const part = path.split('.').reduce((at, key) => at[key] as Row, told as Row) as {
      events: number;
      users: { count: number };
      sessions: { count: number };
    };
    const to = after < 0 ? new Date(told.to) : dayAgo(after);
    const totals = await oracle.totals({ ...tenant, from: dayAgo(first), to });
    expect(totals.events).toBeGreaterThan(0);
    const { events, users, sessions } = part;
    expect({ events, users: users.count, sessions: sessions.count }).toEqual(totals);
  });

  it.each([
    ['topPages', 'url', 'page_view'],
    ['topReferrers', 'referrer', 'page_view'],
    ['devices', 'device', undefined],
    ['countries', 'country', undefined],
  ] as const)('%s', async (part, dimension, eventType) => {
    const asked = { ...tenant, from: dayAgo(29), to: new Date(told.to), eventType };
    const values = await oracle.values(asked, dimension);
    expect(values.length).toBeGreaterThan(1);
    const top = told[part] as { values: Row[]; remainder: { events: number } };
    expect(top.values).toMatchObject(values.slice(0, 10));
    expect(top.remainder.events).toBe(values.slice(10).reduce((sum, { events }) => sum + events, 0));
  });

  it('who is there', async () => {
    const since = new Date(NOW - 5 * MINUTE);
    expect(told.active.visitors).toBe(await oracle.active({ ...tenant, from: since, to: new Date(told.to) }));
  });
});

describe('one by one the oracle agrees:', () => {
  it.each([undefined, 'page_view', 'of_none'])('what a person did, of type %s', async (eventType) => {
    const type = eventType ? `&eventType=${eventType}` : '';
    const items: Row[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { items: some, nextCursor }: Told = await ask(
        `users/${PERSON}/activity?limit=3&${period()}${type}${cursor && `&cursor=${cursor}`}`,
      );
      items.push(...some);
      cursor = nextCursor;
    }
    const events = (await oracle.events({ ...all, eventType }, PERSON)).toReversed();
    if (eventType !== 'of_none') expect(events.length).toBeGreaterThan(6);
    expect(items).toEqual(asJson(events, items[0]));
  });

  it('the export, in each of its forms', async () => {
    const oldestFirst = await oracle.events(all);
    const byType = Object.entries(Object.groupBy(oldestFirst, ({ eventType }) => String(eventType)));
    const events = byType.toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, rows]) => rows ?? []);
    expect(byType.some(([, rows]) => (rows ?? []).length > 200)).toBe(true);
    const lines = (await file('format=ndjson&identities=true')).trimEnd().split('\n');
    const told = lines.map((line) => {
      const { context, userAgent, ...row } = JSON.parse(line) as Row;
      expect([typeof context, typeof userAgent]).toEqual(['object', 'object']);
      return row;
    });
    expect(told.map(({ visitor: _, ...row }) => row)).toEqual(asJson(events, told[0]));
    const json = JSON.parse(await file('format=json&identities=true')) as { events: Row[] };
    expect(json.events).toEqual(lines.map((line) => JSON.parse(line) as Row));
    const [columns = [], ...rows] = cellsOf(await file('format=csv'));
    const texts = told.map((row) => columns.map((column) => textOf(row[column])));
    expect(rows).toEqual(texts);
  });

  it('the export of one type', async () => {
    const lines = (await file('format=ndjson&eventType=click')).trimEnd().split('\n');
    const told = lines.map((line) => (JSON.parse(line) as Row)['eventId']);
    expect(told).toEqual((await oracle.events({ ...all, eventType: 'click' })).map(({ eventId }) => eventId));
  });
});

/** Makes of the quarters what the worker would make of them in the background. */
async function buildDays(): Promise<void> {
  const worker = await openAnalytics(house.database, 'analytics_worker', [
    ...days.providers.filter(
      (provider: Provider) => !('name' in provider && provider.name.endsWith('Schedule')),
    ),
    { provide: TenantZones, useClass: PostgresTenantZones },
  ]);
  // of days of the past nothing may have changed for a while
  await house.admin.query(`update analytics.touched_day set changed_at = changed_at - interval '1 hour'`);
  expect(await worker.get(BuildDays).execute()).toBeGreaterThan(50);
  await worker.close();
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** RFC 4180, with an end after every line. */
function cellsOf(text: string): string[][] {
  return text
    .split('\r\n')
    .slice(0, -1)
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    );
}
