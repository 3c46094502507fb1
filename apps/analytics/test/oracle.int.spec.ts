import { Client } from 'pg';
import { newId, TenantId } from '@libs/kernel';
import { testDatabase, TestDatabase } from '@libs/testing';
import { analyticsSchema } from '../src/analytics.schema';
import { StoreEvents } from '../src/application/store-events';
import { DIMENSIONS } from '../src/domain/dimensions';
import { UniqueSketch } from '../src/domain/unique-sketch';
import { storing } from '../src/storing.wiring';
import { openAnalytics, TEST_PSEUDONYM_SECRET } from './analytics-database';
import { AnalyticsOracle } from './analytics-oracle';
import { asTheLogBringsThem, generatedEvents } from './generated-traffic';

const TENANT = newId<TenantId>();
const STRANGER = newId<TenantId>();
const APP = newId();
const OTHER_APP = newId();

interface Place {
  name: string;
  timeZone: string;
  /** Local days, the last one included. */
  from: string;
  to: string;
  turn: string;
}

// Where clocks change within the time asked for, and where zones are no whole hours off UTC.
const PLACES: Place[] = [
  {
    name: 'Sao Paulo without a midnight',
    timeZone: 'America/Sao_Paulo',
    from: '2018-11-01T00:00:00-03:00',
    to: '2018-11-08T00:00:00-02:00',
    turn: '2018-11-04T03:00:00Z',
  },
  {
    name: 'Sao Paulo with 23:00 twice',
    timeZone: 'America/Sao_Paulo',
    from: '2019-02-13T00:00:00-02:00',
    to: '2019-02-20T00:00:00-03:00',
    turn: '2019-02-17T02:00:00Z',
  },
  {
    name: 'Lord Howe put back by half an hour',
    timeZone: 'Australia/Lord_Howe',
    from: '2026-04-02T00:00:00+11:00',
    to: '2026-04-09T00:00:00+10:30',
    turn: '2026-04-04T15:00:00Z',
  },
  {
    name: 'Kathmandu',
    timeZone: 'Asia/Kathmandu',
    from: '2026-10-01T00:00:00+05:45',
    to: '2026-10-08T00:00:00+05:45',
    turn: '2026-10-04T18:15:00Z',
  },
];

let database: TestDatabase;
let admin: Client;
let oracle: AnalyticsOracle;
let worker: Awaited<ReturnType<typeof openAnalytics>>;

beforeAll(async () => {
  database = await testDatabase([analyticsSchema]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  oracle = new AnalyticsOracle(admin);
  for (const tenantId of [TENANT, STRANGER])
    await admin.query(
      `insert into analytics.retention (tenant_id, months, kept_from, changed_at) values ($1, 120, '2016-12-01', now())`,
      [tenantId],
    );
  worker = await openAnalytics(
    database,
    'analytics_worker',
    storing({ pseudonymSecret: TEST_PSEUDONYM_SECRET }).providers,
  );
  for (const [index, { from, turn }] of PLACES.entries()) await storeTraffic(10 + index, from, turn);
}, 120_000);
afterAll(async () => {
  await worker?.close();
  await admin?.end();
  await database?.drop();
});

async function storeTraffic(seed: number, from: string, turn: string): Promise<void> {
  const traffic = { appIds: [APP, APP, APP, OTHER_APP], from: new Date(from), days: 7, turn: new Date(turn) };
  const events = [
    ...generatedEvents({ ...traffic, seed, tenantId: TENANT, events: 1_200 }),
    ...generatedEvents({ ...traffic, seed: seed + 100, tenantId: STRANGER, events: 100 }),
  ];
  const store = worker.get(StoreEvents);
  const outcomes = [];
  for (const batch of asTheLogBringsThem(events, seed)) outcomes.push(await store.execute(batch));
  expect(outcomes.flatMap(({ refused }) => refused)).toEqual([]);
}

describe.each(PLACES)('what is stored of $name:', ({ from, to }) => {
  const asked = { tenantId: TENANT, appId: APP, from: new Date(from), to: new Date(to) };

  it('quarters that say what the raw events say', async () => {
    const { rows } = await admin.query<{ users: Buffer; sessions: Buffer; [column: string]: unknown }>(
      `select event_type collate "C" as "eventType", bucket, events::int, users, sessions from analytics.quarter_rollup
       where tenant_id = $1 and app_id = $2 and bucket >= $3 and bucket < $4 order by 2, 1`,
      [TENANT, APP, asked.from, asked.to],
    );
    expect(rows.length).toBeGreaterThan(200);
    const counted = rows.map(({ users, sessions, ...row }) => ({
      ...row,
      users: UniqueSketch.of(users).count,
      sessions: UniqueSketch.of(sessions).count,
    }));
    expect(counted).toEqual(await oracle.quarters(asked));
  });

  it.each(DIMENSIONS)('values of %s that say what the raw events say', async (dimension) => {
    const { rows } = await admin.query(
      `select value collate "C" as value, sum(events)::int as events from analytics.quarter_dimension
       where tenant_id = $1 and app_id = $2 and bucket >= $3 and bucket < $4 and dimension = $5
       group by 1 order by 2 desc, 1`,
      [TENANT, APP, asked.from, asked.to, dimension],
    );
    expect(rows.length).toBeGreaterThan(1);
    expect(rows).toEqual(await oracle.values(asked, dimension));
  });

  it('the sessions that lie in the raw events', async () => {
    const { rows } = await admin.query(
      `select visitor::text, started_at, ended_at, user_id, events, page_views, entry_url, exit_url, referrer, device, country
       from analytics.sessions where tenant_id = $1 and app_id = $2 and started_at >= $3 and started_at < $4
       order by started_at, visitor::text`,
      [TENANT, APP, asked.from, asked.to],
    );
    expect(rows.length).toBeGreaterThan(50);
    expect(rows).toEqual(await oracle.visits(asked));
  });
});
