import { Client } from 'pg';
import { SqlSession } from '@libs/database';
import { Analytics, AnalyticsDatabase } from '../../../test/analytics-database';
import { aTenant } from '../../../test/tracked-event.builder';
import { VisitReach } from '../../domain/visit';
import { PostgresSessionStore } from './postgres-session.store';

const APP = '019a2b3c-0000-7000-8000-00000000000a';
const VISITORS = 1_000;
const OF_EACH = 60;
const REACHES = 500;
/** Two descents of the key, and the rows found. */
const MOST_BLOCKS = 14;
const HALF_HOUR_MS = 1_800_000;
const tenantId = aTenant();

let database: AnalyticsDatabase;
let admin: Client;
let analytics: Analytics;

beforeAll(async () => {
  database = await AnalyticsDatabase.create();
  admin = database.admin;
  analytics = await database.as('analytics_worker', [PostgresSessionStore]);
  // nobody comes by and gathers statistics meanwhile
  await admin.query('alter table analytics.sessions set (autovacuum_enabled = false)');
}, 60_000);
afterAll(() => database?.close());

// A session of ten minutes each day.
const FILL = `
insert into analytics.sessions (tenant_id, app_id, visitor, started_at, ended_at, events, page_views)
select $1, $2, visitor, at, at + interval '10 minutes', 3, 1
from generate_series(1, $3::int) as visitor cross join lateral (
  select '2026-08-01Z'::timestamptz + interval '1 day' * n + interval '1 second' * visitor as at from generate_series(0, $4::int - 1) as n) as days`;

function reaches(): VisitReach[] {
  return Array.from({ length: REACHES }, (_, n) => {
    const visitor = 1 + ((n * 37) % VISITORS);
    const at = Date.parse('2026-08-01T00:05:00Z') + (n % OF_EACH) * 86_400_000 + visitor * 1_000;
    const instant = (ms: number) => new Date(at + ms).toISOString();
    return { tenantId, appId: APP, visitor, after: instant(-HALF_HOUR_MS), before: instant(HALF_HOUR_MS) };
  });
}

/** Pages that PostgreSQL looked at, as the consumer's own role. */
async function blocksOf(work: (store: PostgresSessionStore) => Promise<unknown>): Promise<number> {
  return analytics.transaction.runFor([tenantId], async () => {
    const sent = jest.spyOn(analytics.get(SqlSession), 'query').mockResolvedValue([]);
    await work(analytics.get(PostgresSessionStore));
    const [sql, params] = sent.mock.calls[0] ?? [];
    sent.mockRestore();
    const rows = await analytics.sql.query<{ 'QUERY PLAN': string }>(
      `explain (analyze, buffers, timing off) ${sql}`,
      params,
    );
    const told = rows.map((row) => row['QUERY PLAN']).find((line) => line.includes('Buffers: shared'));
    const numbers = [...(told ?? '').matchAll(/(?:hit|read)=(\d+)/g)].map(([, n]) => Number(n));
    return numbers.reduce((sum, n) => sum + n, 0);
  });
}

async function filled(visitors: number, ofEach: number): Promise<void> {
  await admin.query('truncate analytics.sessions');
  await admin.query(FILL, [tenantId, APP, visitors, ofEach]);
}

describe('sessions within the reach of new events', () => {
  const knowledge: [string, () => Promise<unknown>][] = [
    ['is new, of which nothing is known', () => filled(VISITORS, OF_EACH)],
    ['is known', () => filled(VISITORS, OF_EACH).then(() => admin.query('analyze analytics.sessions'))],
    [
      'was small when it was last looked at',
      async () => {
        await filled(5, 1);
        await admin.query('analyze analytics.sessions');
        await filled(VISITORS, OF_EACH);
      },
    ],
  ];

  it.each(knowledge)('are found by their visitors alone in a table that %s', async (_, prepare) => {
    await prepare();
    const blocks = await blocksOf((store) => store.within(reaches()));
    expect(blocks).toBeGreaterThan(REACHES);
    expect(blocks).toBeLessThan(REACHES * MOST_BLOCKS);
    const found = await analytics.transaction.runFor([tenantId], () =>
      analytics.get(PostgresSessionStore).within(reaches()),
    );
    expect(found).toHaveLength(REACHES);
    // what is deleted is deleted by the key, too; here it comes last
    const removing = await blocksOf((store) => store.replace(found, []));
    expect(removing).toBeLessThan(REACHES * MOST_BLOCKS);
    const { rows } = await admin.query('select count(*)::int as left from analytics.sessions');
    expect(rows).toEqual([{ left: VISITORS * OF_EACH - REACHES }]);
  });

  it('are told once, though more than one reach meets them', async () => {
    await filled(1, 1);
    const [reach] = reaches().filter(({ visitor }) => visitor === 1);
    const twice = [reach!, { ...reach!, after: '2026-08-01T00:04:00.000Z' }];
    const found = await analytics.transaction.runFor([tenantId], () =>
      analytics.get(PostgresSessionStore).within(twice),
    );
    expect(found).toHaveLength(1);
  });
});
