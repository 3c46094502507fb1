import { Client } from 'pg';
import { TenantId } from '@libs/kernel';
import { Analytics, AnalyticsDatabase, makingDays } from '../../../test/analytics-database';
import { aTenant, aTrackedEvent } from '../../../test/tracked-event.builder';
import { BuildDays } from '../../application/build-days';
import { StoreEvents } from '../../application/store-events';
import { Period } from '../../domain/period';
import { PostgresRollupReader } from './postgres-rollup.reader';

const APP = '019a2b3c-0000-7000-8000-00000000000a';
const ZONE = 'America/Sao_Paulo';
const DAY = '2026-10-12';
const LIMIT = 20;

let database: AnalyticsDatabase;
let admin: Client;
let worker: Analytics;
let api: Analytics;

beforeAll(async () => {
  database = await AnalyticsDatabase.create();
  admin = database.admin;
  worker = await database.worker(...makingDays);
  api = await database.api(PostgresRollupReader);
}, 120_000);
afterAll(() => database?.close());

// of letters: what looks like an id would be `:id`
const page = (n: number) => [...n.toString(26)].map((digit) => String.fromCharCode(97 + parseInt(digit, 26)));

/** So many pages in each of so many quarters of an hour, each once, and one that is viewed a hundred times. */
async function viewed(pages: number, quarters: number): Promise<TenantId> {
  const tenantId = aTenant();
  const view = (quarter: number, name: string) =>
    aTrackedEvent({
      tenantId,
      appId: APP,
      timestamp: new Date(Date.parse(`${DAY}T12:00:00Z`) + quarter * 900_000).toISOString(),
      context: { url: `https://loja.example/${name}` },
    });
  for (let quarter = 0; quarter < quarters; quarter++) {
    const all = Array.from({ length: pages }, (_, n) => view(quarter, page(quarter * pages + n).join('')));
    await worker.get(StoreEvents).execute(all);
    if (quarter === 0)
      await worker.get(StoreEvents).execute(Array.from({ length: 100 }, () => view(0, page(0).join(''))));
  }
  return tenantId;
}

function top(tenantId: TenantId, eventType?: string) {
  const question = {
    tenantId,
    appId: APP,
    period: Period.ofDays(DAY, DAY, ZONE),
    tenantZone: ZONE,
    eventType,
  };
  const breakdown = { dimension: 'url', limit: LIMIT } as const;
  return api.as(tenantId, async () => {
    const reader = api.get(PostgresRollupReader);
    const { values, folded, total } = await reader.summary(question, breakdown);
    const told = { events: total.events, values, folded };
    expect(await reader.top(question, breakdown)).toEqual(told);
    return told;
  });
}

describe('values that are told', () => {
  it('are exact, and as many as were asked for, while every value has its place', async () => {
    const tenantId = await viewed(200, 2);
    for (const type of [undefined, 'page_view']) {
      const told = await top(tenantId, type);
      expect(told).toMatchObject({ events: 500, folded: 0 });
      expect([told.values.length, told.values[0]?.events]).toEqual([LIMIT, 101]);
    }
  });

  it('say how many events lost their value in a quarter that had more of them', async () => {
    const tenantId = await viewed(300, 2);
    const told = await top(tenantId);
    expect(told).toMatchObject({ events: 700, folded: 2 * (300 - 256) });
    expect(told.values).toHaveLength(LIMIT);
  });

  it('say so of a day that is made of quarters which had them all', async () => {
    const tenantId = await viewed(250, 5);
    expect((await top(tenantId)).folded).toBe(0);
    await admin.query(
      `update analytics.touched_day set changed_at = changed_at - interval '1 hour' where tenant_id = $1`,
      [tenantId],
    );
    expect(await worker.get(BuildDays).execute()).toBeGreaterThan(0);
    const told = await top(tenantId);
    expect(told).toMatchObject({ events: 1_350, folded: 250 });
    expect([told.values.length, told.values[0]?.events]).toEqual([LIMIT, 101]);
  });
});
