import { Client } from 'pg';
import { Clock, TenantId } from '@libs/kernel';
import { FixedClock } from '@libs/testing';
import { Analytics, AnalyticsDatabase } from '../../test/analytics-database';
import { aTenant, aTrackedEvent } from '../../test/tracked-event.builder';
import { rebuildConfig } from '../analytics.config';
import { FEW } from '../domain/quarter-values';
import { Retention } from '../domain/retention';
import { rebuild } from '../rebuild';
import { KeepHouse } from './keep-house';
import { RetentionPolicies } from './retention-policies';
import { StoreEvents } from './store-events';

const KEPT = ['events', 'quarter_rollup', 'quarter_dimension', 'sessions', 'touched_day', 'day_rollup'];

let database: AnalyticsDatabase;
let admin: Client;
let worker: Analytics;
const clock = new FixedClock(new Date());

beforeAll(async () => {
  database = await AnalyticsDatabase.create();
  admin = database.admin;
  worker = await database.worker({ provide: Clock, useValue: clock });
});
afterAll(() => database?.close());

const house = () => worker.get(KeepHouse);
const store = (...events: Parameters<StoreEvents['execute']>[0]) => worker.get(StoreEvents).execute(events);

/** The middle of a month. */
function monthsAgo(months: number): string {
  const now = clock.now();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 15, 12)).toISOString();
}

async function counts(tenantId: TenantId): Promise<number[]> {
  const all = [];
  for (const table of KEPT) {
    const { rows } = await admin.query<{ n: number }>(
      `select count(*)::int as n from analytics.${table} where tenant_id = $1`,
      [tenantId],
    );
    all.push(rows[0]?.n ?? -1);
  }
  return all;
}

function keeps(tenantId: TenantId, months: number, changedAt: string, keptFrom = new Date(0)): Promise<void> {
  return worker.transaction.runFor([tenantId], () =>
    worker
      .get(RetentionPolicies)
      .keep([{ tenantId, retention: new Retention(months, keptFrom), changedAt: new Date(changedAt) }]),
  );
}

async function partitions(): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'analytics.events'::regclass order by 1`,
  );
  return rows.map(({ name }) => name);
}

const partition = (months: number) => `events_${monthsAgo(months).slice(0, 7).replace('-', '_')}`;

describe('the upkeep', () => {
  it('makes the months that events will fall into, before they come, and drops those that nobody keeps', async () => {
    await admin.query('select analytics.make_partitions($1::date[])', [[`${monthsAgo(16).slice(0, 7)}-01`]]);
    expect(await house().execute()).toEqual({ dropped: [partition(16)], deleted: 0 });
    for (const step of [1, 0, -1, -2]) expect(await partitions()).toContain(partition(step));
    expect(await house().execute()).toEqual({ dropped: [], deleted: 0 });
  });

  it('lets a tenant’s events go, and all that was made of them, when it keeps less than others', async () => {
    const [brief, usual] = [aTenant(), aTenant()];
    for (const tenantId of [brief, usual]) {
      // as many as make rows of their values, too
      for (const timestamp of [monthsAgo(5), monthsAgo(0)])
        await store(...Array.from({ length: FEW + 1 }, () => aTrackedEvent({ tenantId, timestamp })));
      for (const months of [5, 0])
        await admin.query(
          `insert into analytics.day_rollup select tenant_id, app_id, 'UTC', '*', $2::date, 1, 1, 1, '', ''
           from analytics.app_state where tenant_id = $1`,
          [tenantId, monthsAgo(months)],
        );
    }
    await keeps(brief, 2, '2026-01-01T00:00:00Z');
    const { deleted } = await house().execute();
    expect(await counts(brief)).toEqual([9, 2, 6, 1, 1, 1]);
    expect(await counts(usual)).toEqual([18, 4, 12, 2, 2, 2]);
    expect(deleted).toBe(20);
    expect((await house().execute()).deleted).toBe(0);
    // and it never comes back
    expect((await store(aTrackedEvent({ tenantId: brief, timestamp: monthsAgo(5) }))).stored).toBe(0);
  });

  it('leaves what cannot be told from raw events any longer out of a rebuild', async () => {
    const tenantId = aTenant();
    await store(aTrackedEvent({ tenantId, timestamp: monthsAgo(4) }), aTrackedEvent({ tenantId }));
    const config = rebuildConfig.parse({ DATABASE_ANALYTICS_URL: database.urlFor('analytics_worker') });
    const lines: string[] = [];
    const run = (write: boolean) =>
      rebuild(config, { write, tenant: tenantId, print: (line) => lines.push(line) });
    await keeps(tenantId, 1, '2026-01-01T00:00:00Z');
    await admin.query('update analytics.quarter_rollup set events = 7 where tenant_id = $1', [tenantId]);
    expect(await run(false)).toBe(2);
    expect(await run(true)).toBe(2);
    expect(await run(false)).toBe(0);
    expect(lines.at(-1)).toBe('1 days looked at, 0 differences found');
    expect(lines).toContainEqual(
      expect.stringMatching(
        `^${tenantId} .* quarter \\* .*: stored 7 events, .*; raw 1 events, 1 people, 1 sessions$`,
      ) as string,
    );
  });
});

describe('retention that is told', () => {
  it('counts by when it was changed, and never takes back what was given up', async () => {
    const tenantId = aTenant();
    const floor = new Date('2026-06-01T00:00:00Z');
    await keeps(tenantId, 3, '2026-11-02T00:00:00Z', floor);
    await keeps(tenantId, 24, '2026-11-01T00:00:00Z');
    await keeps(tenantId, 12, '2026-11-03T00:00:00Z', new Date('2026-05-01T00:00:00Z'));
    const kept = await worker.transaction.runFor([tenantId], () =>
      worker.get(RetentionPolicies).of([tenantId]),
    );
    expect(kept.get(tenantId)).toEqual(new Retention(12, floor));
  });
});
