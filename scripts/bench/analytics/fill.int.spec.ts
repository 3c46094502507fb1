import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, TenantId } from '@libs/kernel';
import { testDatabase, TestDatabase } from '@libs/testing';
import { Client } from 'pg';
import { analyticsSchema } from '../../../apps/analytics/src/analytics.schema';
import { StoreEvents } from '../../../apps/analytics/src/application/store-events';
import { storing } from '../../../apps/analytics/src/storing.wiring';
import { openAnalytics, TEST_PSEUDONYM_SECRET } from '../../../apps/analytics/test/analytics-database';
import { Chance } from './chance';
import { fill } from './fill';
import { Traffic } from './traffic';

const BATCH = 700;
const WHAT: readonly (readonly [table: string, columns: string])[] = [
  ['events', `to_jsonb(t) - 'created_at'`],
  ['quarter_rollup', 'to_jsonb(t)'],
  ['quarter_dimension', 'to_jsonb(t)'],
  ['sessions', 'to_jsonb(t)'],
  ['touched_day', `to_jsonb(t) - 'seq' - 'changed_at'`],
  ['app_state', `to_jsonb(t) - 'seq' - 'changed_at'`],
];

const now = new Date();
const traffic = new Traffic({
  tenantId: newId<TenantId>(),
  appId: newId(),
  events: 3_000,
  days: 7,
  // so that two months have a part of it
  until: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 4, 15)),
  seed: 7,
});

let consumed: TestDatabase;
let filled: TestDatabase;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'moneyflow-fill-'));
  chmodSync(dir, 0o755);
  consumed = await testDatabase([analyticsSchema]);
  filled = await testDatabase([analyticsSchema]);
});
afterAll(async () => {
  await consumed?.drop();
  await filled?.drop();
  rmSync(dir, { recursive: true, force: true });
});

async function rowsOf(
  database: TestDatabase,
  [table, columns]: readonly [string, string],
): Promise<string[]> {
  const client = new Client({ connectionString: database.adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ row: string }>(
      `select (${columns})::text as row from analytics.${table} t order by 1`,
    );
    return rows.map(({ row }) => row);
  } finally {
    await client.end();
  }
}

describe('the fast fill of the bench', () => {
  it('leaves every table as the consumer would, which takes the same events shuffled', async () => {
    const events = traffic.parts.flatMap((part) => [...traffic.events(part)]);
    const chance = new Chance(1);
    const shuffled = events.map((event) => ({ event, at: chance.next() })).sort((a, b) => a.at - b.at);
    const worker = await openAnalytics(
      consumed,
      'analytics_worker',
      storing({ pseudonymSecret: TEST_PSEUDONYM_SECRET }).providers,
    );
    for (let start = 0; start < shuffled.length; start += BATCH)
      await worker.get(StoreEvents).execute(shuffled.slice(start, start + BATCH).map(({ event }) => event));
    await worker.close();

    await fill(
      traffic.parts.map((part) => ({ events: traffic.events(part), count: part.events })),
      {
        adminUrl: filled.adminUrl,
        workerUrl: filled.urlFor('analytics_worker'),
        dir,
        pseudonymSecret: TEST_PSEUDONYM_SECRET,
      },
    );

    for (const what of WHAT) expect(await rowsOf(filled, what)).toEqual(await rowsOf(consumed, what));
    expect(await rowsOf(filled, ['events', 'to_jsonb(t)'])).toHaveLength(3_000);
  });

  it('leaves months that the worker can drop, with the indexes of all months', async () => {
    const client = new Client({ connectionString: filled.adminUrl });
    await client.connect();
    try {
      const { rows } = await client.query<{ owner: string; indexes: number; forced: boolean }>(
        `select distinct pg_get_userbyid(c.relowner) as owner, c.relforcerowsecurity as forced,
           (select count(*)::int from pg_index i where i.indrelid = c.oid and i.indisvalid) as indexes
         from pg_inherits h join pg_class c on c.oid = h.inhrelid where h.inhparent = 'analytics.events'::regclass`,
      );
      const { rows: parents } = await client.query<{ owner: string; indexes: number }>(
        `select pg_get_userbyid(c.relowner) as owner, (select count(*)::int from pg_index i where i.indrelid = c.oid) as indexes
         from pg_class c where c.oid = 'analytics.events'::regclass`,
      );
      expect(rows).toEqual([{ ...parents[0], forced: true }]);
    } finally {
      await client.end();
    }
  });
});
