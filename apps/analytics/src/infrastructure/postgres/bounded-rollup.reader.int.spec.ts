import { Client } from 'pg';
import { TenantId } from '@libs/kernel';
import { Analytics, AnalyticsDatabase, makingDays } from '../../../test/analytics-database';
import { aTenant, aTrackedEvent } from '../../../test/tracked-event.builder';
import { BuildDays } from '../../application/build-days';
import { StoreEvents } from '../../application/store-events';
import { Period } from '../../domain/period';
import { BoundedRollupReader } from './bounded-rollup.reader';
import { HeavyReading } from './heavy-reading';
import { PostgresRollupReader } from './postgres-rollup.reader';
import { RollupReadingCost } from './rollup-reading-cost';

const APP = '019a2b3c-0000-7000-8000-00000000000a';
const ZONE = 'America/Sao_Paulo';
const [FIRST, LAST] = ['2026-10-05', '2026-10-14'];

let database: AnalyticsDatabase;
let admin: Client;
let worker: Analytics;
let api: Analytics;
let tenantId: TenantId;

beforeAll(async () => {
  database = await AnalyticsDatabase.create();
  admin = database.admin;
  worker = await database.worker(...makingDays);
  api = await database.api(PostgresRollupReader, RollupReadingCost);
  tenantId = aTenant();
  await store('12:00', '12:30');
  await admin.query(`update analytics.touched_day set changed_at = changed_at - interval '1 hour'`);
  await worker.get(BuildDays).execute();
}, 120_000);
afterAll(() => database?.close());

/** At these times of each day, by a person of its own. */
async function store(...times: string[]): Promise<void> {
  const events = Period.ofDays(FIRST, LAST, ZONE)
    .days()
    .flatMap(({ day }) => times.map((time) => ({ timestamp: `${day}T${time}:00.000Z`, userId: day + time })));
  await worker
    .get(StoreEvents)
    .execute(events.map((event) => aTrackedEvent({ ...event, tenantId, appId: APP })));
}

const question = (timeZone = ZONE, last = LAST) => ({
  tenantId,
  appId: APP,
  period: Period.ofDays(FIRST, last, timeZone),
  tenantZone: ZONE,
});

/** With the bounds of the test, and how often it took a heavy question's place. */
function reader(most?: { heavy: number; all: number }) {
  const heavy = jest.spyOn(api.get(HeavyReading), 'run');
  heavy.mockClear();
  const bounded = new BoundedRollupReader(
    api.get(PostgresRollupReader),
    api.get(RollupReadingCost),
    api.get(HeavyReading),
    most,
  );
  return { bounded, heavy };
}

const cost = (timeZone: string, zone: string, last = LAST) =>
  api.as(tenantId, () => api.get(RollupReadingCost).of(question(timeZone, last), zone));

describe('what a question costs', () => {
  it('is nothing where days are made of all of it, or where it is short', async () => {
    expect(await cost(ZONE, ZONE)).toBe(0);
    expect(await cost('Asia/Tokyo', '', '2026-10-07')).toBe(0);
  });

  it('is as much as the sketches of its quarters have, where it is in a zone that no days are made in', async () => {
    const { rows } = await admin.query<{ bytes: string }>(
      `select sum(length(users) + length(sessions)) as bytes from analytics.quarter_rollup where event_type = '*' and tenant_id = $1`,
      [tenantId],
    );
    expect(await cost('Asia/Tokyo', '')).toBe(Number(rows[0]?.bytes));
  });
});

describe('a question that is to be read from very many quarters', () => {
  const tokyo = () => question('Asia/Tokyo');

  it('is answered as any other while it is light', async () => {
    const { bounded, heavy } = reader();
    const points = await api.as(tenantId, () => bounded.timeline(tokyo(), tokyo().period.days(), true));
    expect(points.map(({ events, users }) => [events, users?.count])).toEqual(Array(10).fill([2, 2]));
    expect(heavy).not.toHaveBeenCalled();
  });

  it('waits for a place where it is heavy, and is refused by name where it is too much', async () => {
    const { bounded, heavy } = reader({ heavy: 10, all: 1_000_000 });
    const points = await api.as(tenantId, () => bounded.timeline(tokyo(), tokyo().period.days(), true));
    expect(points).toHaveLength(10);
    expect(heavy).toHaveBeenCalledTimes(1);
    const strict = reader({ heavy: 10, all: 20 }).bounded;
    await expect(
      api.as(tenantId, () => strict.timeline(tokyo(), tokyo().period.days(), true)),
    ).rejects.toMatchObject({ code: 'report_too_heavy' });
    // sums alone are the database's
    const sums = await api.as(tenantId, () => strict.timeline(tokyo(), tokyo().period.days(), false));
    expect(sums.map(({ events }) => events)).toEqual(Array(10).fill(2));
  });

  it('is one of all days, too, once somebody spoiled them; until they are made again', async () => {
    const strict = reader({ heavy: 10, all: 20 }).bounded;
    const ask = () =>
      api.as(tenantId, async () => {
        await strict.pieces(question());
        return (await strict.summary(question())).total.events;
      });
    expect(await ask()).toBe(20);
    await store('15:00');
    await expect(ask()).rejects.toMatchObject({ code: 'report_too_heavy' });
    await admin.query(`update analytics.touched_day set changed_at = changed_at - interval '1 hour'`);
    await admin.query(`update analytics.day_built set made_at = made_at - interval '1 hour'`);
    worker = await database.worker(...makingDays);
    await worker.get(BuildDays).execute();
    expect(await ask()).toBe(30);
  });
});
