import { Client } from 'pg';
import { Analytics, AnalyticsDatabase, makingDays } from '../../../test/analytics-database';
import { aTenant, aTrackedEvent } from '../../../test/tracked-event.builder';
import { BuildDays } from '../../application/build-days';
import { StoreEvents } from '../../application/store-events';
import { Period } from '../../domain/period';
import { PostgresRollupReader } from './postgres-rollup.reader';
import { ReportSql } from './report-sql';

const APP = '019a2b3c-0000-7000-8000-00000000000a';
const ZONE = 'America/Sao_Paulo';
const EVENTS = 1_400;
const RAW_EVENTS = 20_000;
const DAY_MS = 86_400_000;
const [tenantId, other] = [aTenant(), aTenant()];

let database: AnalyticsDatabase;
let admin: Client;
let api: Analytics;

beforeAll(async () => {
  database = await AnalyticsDatabase.create();
  admin = database.admin;
  const worker = await database.worker(...makingDays);
  await worker.get(StoreEvents).execute(
    Array.from({ length: EVENTS }, (_, n) =>
      aTrackedEvent({
        tenantId,
        timestamp: new Date(Date.now() - n * 1_800_000).toISOString(),
        eventType: `type_${n % 6}`,
        userId: `user-${n % 300}`,
      }),
    ),
  );
  await admin.query(`update analytics.touched_day set changed_at = now() - interval '1 hour'`);
  await worker.get(BuildDays).execute();
  await admin.query(SPREAD);
  await admin.query(RAW, [other, APP, RAW_EVENTS]);
  await admin.query('vacuum analyze');
  api = await database.api(PostgresRollupReader);
}, 120_000);
afterAll(() => database?.close());

// As if every other quarter had many events.
const SPREAD = `
with many as (
  select tenant_id, app_id, event_type, bucket from analytics.quarter_rollup where few is not null and extract(hour from bucket)::int % 2 = 0
), counted as (
  insert into analytics.quarter_dimension (tenant_id, app_id, event_type, dimension, bucket, value, events)
  select tenant_id, app_id, event_type, dimension, bucket, value, sum(events)
  from analytics.quarter_value join many using (tenant_id, app_id, event_type, bucket) group by 1, 2, 3, 4, 5, 6
)
update analytics.quarter_rollup q set few = null from many
where (q.tenant_id, q.app_id, q.event_type, q.bucket) = (many.tenant_id, many.app_id, many.event_type, many.bucket)`;

// Of very many types, over four weeks, in the order of time.
const RAW = `
insert into analytics.events (tenant_id, event_id, "timestamp", app_id, event_type, occurred_at, received_at, source, context, user_agent, metadata)
select $1, gen_random_uuid(), at, $2, 'type_' || n % 2000, at, at, 'track', json_build_object('url', repeat('x', 300)), '{}', '{}'
from generate_series(1, $3::int) as n cross join lateral (select now() - interval '28 days' * (1 - n::float8 / $3) as at) as moment
order by n`;

/** As the owner: what row-level security adds, the policies' specs show. */
async function plan(sql: string, params: readonly unknown[]): Promise<string> {
  const { rows } = await admin.query<Record<string, string>>(`explain (costs off) ${sql}`, [...params]);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

/** Of every statement that a reader sends. */
async function plansOf(read: (reader: PostgresRollupReader) => Promise<unknown>): Promise<string> {
  const asText = jest.spyOn(api.get(ReportSql), 'query');
  const asBytes = jest.spyOn(api.get(ReportSql), 'queryBinary');
  try {
    await api.as(tenantId, () => read(api.get(PostgresRollupReader)));
    const sent = [...asText.mock.calls, ...asBytes.mock.calls];
    const plans = await Promise.all(sent.map(([sql, params = []]) => plan(sql, params)));
    expect(plans.length).toBeGreaterThan(0);
    return plans.join('\n');
  } finally {
    asText.mockRestore();
    asBytes.mockRestore();
  }
}

function aMonth() {
  const period = Period.ofInstants(new Date(quarter(-26)), new Date(quarter(-1)), ZONE);
  return { tenantId, appId: APP, tenantZone: ZONE, period };
}

function quarter(daysAhead: number): number {
  return Math.floor((Date.now() + daysAhead * DAY_MS) / 900_000) * 900_000;
}

describe('reports of a month', () => {
  it.each<[string, (reader: PostgresRollupReader) => Promise<unknown>]>([
    ['summary', (reader) => reader.summary(aMonth(), { dimension: 'url', limit: 10 })],
    ['top values', (reader) => reader.top(aMonth(), { dimension: 'referrer', limit: 10 })],
    [
      'values of one type',
      (reader) => reader.top({ ...aMonth(), eventType: 'type_1' }, { dimension: 'url', limit: 10 }),
    ],
    ['timeline', (reader) => reader.timeline(aMonth(), aMonth().period.days(), true)],
    ['timeline by hour', (reader) => reader.timeline(aMonth(), aMonth().period.hours(), false)],
    ['pieces', (reader) => reader.pieces(aMonth())],
    ['who is there', (reader) => reader.activeSince(tenantId, APP, new Date(Date.now() - 300_000))],
  ])('read for a %s no raw event, and rollups by their keys alone', async (_, read) => {
    const told = await plansOf(read);
    expect(told).not.toMatch(/ on events/);
    expect(told.match(/Seq Scan on (quarter|day|span)_(rollup|dimension)|Seq Scan on sessions/g)).toBeNull();
  });
});

describe('raw events of a time, whatever their type', () => {
  const OF_A_DAY = `select event_id from analytics.events where tenant_id = $1 and app_id = '${APP}' and occurred_at >= $2 and occurred_at < $3`;
  const theDay = () => [new Date(quarter(-10)), new Date(quarter(-9))];

  it('are found type by type where there are a few', async () => {
    const told = await plan(OF_A_DAY, [tenantId, ...theDay()]);
    expect(told).toMatch(/using events_\d{4}_\d{2}_tenant_id_app_id_event_type_occurred_at/);
    // of the months that have the day: another of a few events is read whole, and rightly
    const months = theDay().map((at) => at.toISOString().slice(0, 7).replace('-', '_'));
    expect(told).not.toMatch(new RegExp(`Seq Scan on events_(${months.join('|')})`));
  });

  it('are found by the blocks that their time is in where there are thousands', async () => {
    expect(await plan(OF_A_DAY, [other, ...theDay()])).toMatch(
      /Bitmap Index Scan on events_\d{4}_\d{2}_occurred_at_idx/,
    );
  });
});
