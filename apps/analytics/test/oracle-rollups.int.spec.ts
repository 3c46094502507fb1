import { BuildDays } from '../src/application/build-days';
import { TenantZones } from '../src/application/tenant-zones';
import { days } from '../src/days.wiring';
import { DIMENSIONS } from '../src/domain/dimensions';
import { Interval, Period } from '../src/domain/period';
import { STATED_ERROR } from '../src/domain/unique-sketch';
import { PostgresRawSummaryReader } from '../src/infrastructure/postgres/postgres-raw-summary.reader';
import { PostgresRollupReader } from '../src/infrastructure/postgres/postgres-rollup.reader';
import { PostgresTenantZones } from '../src/infrastructure/postgres/postgres-tenant-zones';
import { seeded } from './generated-traffic';
import { allOf, APP, openWorld, Place, PLACES, someQuestions } from './oracle-world';
import { aTrackedEvent } from './tracked-event.builder';

let world: Awaited<ReturnType<typeof openWorld>>;

beforeAll(async () => {
  const daily = days.providers.filter(
    (provider) => !('name' in provider && provider.name.endsWith('Schedule')),
  );
  world = await openWorld({
    worker: [...daily, { provide: TenantZones, useClass: PostgresTenantZones }],
    api: [PostgresRollupReader, PostgresRawSummaryReader],
  });
  for (const [index, place] of PLACES.entries()) await world.store(place, 10 + index, 1_200);
}, 120_000);
afterAll(() => world?.close());

/** Makes all days that are due. */
function buildDays(): Promise<number> {
  world.wait();
  return world.worker.get(BuildDays).execute();
}

describe.each([
  ['of quarters alone', async () => undefined],
  ['of days made beforehand', async () => expect(await buildDays()).toBeGreaterThan(20)],
  [
    'after late events',
    async () => {
      for (const [index, place] of PLACES.entries()) await world.store(place, 50 + index, 150);
    },
  ],
  ['of days made again', async () => expect(await buildDays()).toBeGreaterThan(20)],
])('reports of the rollups agree with the oracle, %s:', (state, before) => {
  beforeAll(before, 120_000);

  it.each(PLACES)('which is what they are read from, $name', async (place) => {
    const { question } = asking(place, Period.ofInstants(place.from, place.to, place.timeZone));
    const pieces = await world.api.as(place.tenantId, () => reader().pieces(question));
    const lengths = pieces.map(({ start, end }) => Math.round((+end - +start) / DAY)).sort();
    if (state.startsWith('of days')) expect(lengths).toEqual(spansOfAWeek(place));
    else expect(pieces.length).toBeGreaterThan(20);
  });

  it.each(PLACES)('totals, types and values, $name', async (place) => {
    const random = seeded(8);
    for (const { period, eventType } of someQuestions(place, 1, 12)) {
      const { asked, question } = asking(place, period, eventType);
      const dimension = DIMENSIONS[random(DIMENSIONS.length)]!;
      const breakdown = { dimension, limit: 1 + random(6) };
      const [summary, top] = await world.api.as(
        place.tenantId,
        async () =>
          [await reader().summary(question, breakdown), await reader().top(question, breakdown)] as const,
      );
      const { users, sessions, events } = summary.total;
      const totals = await world.oracle.totals(asked);
      expect({ events, users: users.count, sessions: sessions.count }).toEqual(totals);
      const types = (await world.oracle.byType(asked)).map((row) => ({
        eventType: row.eventType,
        events: row.events,
      }));
      if (eventType === undefined) expect(summary.byType).toEqual(types);
      const values = (await world.oracle.values(asked, dimension)).slice(0, breakdown.limit);
      expect([summary.values, summary.folded]).toEqual([values, 0]);
      expect(top).toEqual({ events: totals.events, values, folded: 0 });
    }
  });

  it.each(PLACES)('stretches that begin in the middle of it, $name', async (place) => {
    const { question } = asking(place, Period.ofInstants(place.from, place.to, place.timeZone));
    const days = question.period.days().map(({ start }) => start);
    for (const cuts of [days, days.slice(3, 4)]) {
      const pieces = await world.api.as(place.tenantId, () => reader().pieces(question, cuts));
      const crossing = pieces.filter(({ start, end }) => cuts.some((at) => start < at && at < end));
      expect(crossing).toEqual([]);
      for (const [at, start] of cuts.entries()) {
        const end = cuts[at + 1] ?? place.to;
        const events = pieces.reduce(
          (sum, piece) => sum + (piece.start >= start && piece.end <= end ? piece.events : 0),
          0,
        );
        expect(events).toBe((await world.oracle.totals({ ...allOf(place), from: start, to: end })).events);
      }
    }
  });

  it.each(PLACES)('timelines by day and by hour, $name', async (place) => {
    for (const { period, eventType } of someQuestions(place, 2, 10)) {
      const { asked, question } = asking(place, period, eventType);
      for (const [intervals, pieces] of [
        [period.days(), await world.oracle.days(asked, period.timeZone)],
        [period.hours(), await world.oracle.hours(asked, period.timeZone)],
      ] as const) {
        const points = await world.api.as(place.tenantId, () => reader().timeline(question, intervals, true));
        expect(points).toHaveLength(intervals.length);
        const counted = points
          .map(({ events, users, sessions }) => ({ events, users: users?.count, sessions: sessions?.count }))
          .filter(({ events }) => events > 0);
        expect(counted).toEqual(pieces.map(({ events, users, sessions }) => ({ events, users, sessions })));
        for (const piece of pieces)
          if ('first' in piece) expect(indexAt(intervals, piece.first)).toBe(indexAt(intervals, piece.last));
      }
    }
  });
});

describe('more visitors than are counted exactly', () => {
  const place = PLACES[3]!;
  // two UTC days after the others' week, every visitor on one or on both
  const period = Period.ofDays('2026-10-10', '2026-10-11', place.timeZone);
  const visitors = 9_000;

  beforeAll(async () => {
    const random = seeded(77);
    const events = Array.from({ length: 12_000 }, (_, i) => {
      const at = period.from.getTime() + random(2 * 86_400_000);
      const timestamp = new Date(at).toISOString();
      const userId = `gente-${i < visitors ? i : random(visitors)}`;
      return aTrackedEvent({
        tenantId: place.tenantId,
        appId: APP,
        timestamp,
        userId,
        sessionId: `s-${userId}-${i % 2}`,
      });
    });
    while (events.length > 0) await world.storeAll(events.splice(0, 2_500));
  }, 120_000);

  it.each([
    ['of quarters', async () => undefined],
    ['of days', async () => expect(await buildDays()).toBeGreaterThan(1)],
  ])('are told as an estimate within its stated error, %s', async (_state, before) => {
    await before();
    const { asked, question } = asking(place, period);
    const { total } = await world.api.as(place.tenantId, () => reader().summary(question));
    const exact = await world.oracle.totals(asked);
    expect(total.events).toBe(exact.events);
    for (const [told, count] of [
      [total.users, exact.users],
      [total.sessions, exact.sessions],
    ] as const) {
      expect(told).toMatchObject({ method: 'estimated', error: STATED_ERROR });
      expect(Math.abs(told.count / count - 1)).toBeLessThanOrEqual(STATED_ERROR);
    }
  });
});

describe.each(PLACES)('summaries by metadata agree with the oracle, $name:', (place) => {
  // A number and a truth value are asked for as they are written, and a text may be written the same.
  it.each([
    [{ plan: 'pro' }, [{ name: 'plan', value: 'pro' }]],
    [{ step: 2 }, [{ name: 'step', value: '2' }]],
    [
      { plan: 'free', step: 0, trial: true },
      [
        { name: 'plan', value: 'free' },
        { name: 'step', value: '0' },
        { name: 'trial', value: 'true' },
      ],
    ],
    [{ plan: 'none' }, [{ name: 'plan', value: 'none' }]],
  ])('%j', async (metadata, filters) => {
    const random = seeded(9);
    for (const { period, eventType } of someQuestions(place, 7, 5)) {
      const { asked, question } = asking(place, period, eventType);
      const breakdown = { dimension: DIMENSIONS[random(DIMENSIONS.length)]!, limit: 3 };
      const { total, byType, values } = await world.api.as(place.tenantId, () =>
        world.api.get(PostgresRawSummaryReader).summary(question, filters, breakdown),
      );
      const { oracle } = world;
      const of = { ...asked, metadata };
      const [users, sessions] = [total.users.count, total.sessions.count];
      expect({ events: total.events, users, sessions }).toEqual(await oracle.totals(of));
      const types = await oracle.byType(of);
      expect(byType).toEqual(types.map((row) => ({ eventType: row.eventType, events: row.events })));
      expect(values).toEqual((await oracle.values(of, breakdown.dimension)).slice(0, 3));
    }
  });
});

const DAY = 86_400_000;
const reader = () => world.api.get(PostgresRollupReader);

/** Its seven days as the fewest spans that begin at a multiple of their lengths, shortest first. */
function spansOfAWeek({ from }: Place): number[] {
  const first = Math.round(from.getTime() / DAY);
  const lengths: number[] = [];
  for (let day = first; day < first + 7; day += lengths.at(-1)!)
    lengths.push([4, 2, 1].find((length) => day % length === 0 && day + length <= first + 7)!);
  return lengths.sort();
}

const indexAt = (intervals: readonly Interval[], at: Date) =>
  intervals.findIndex(({ start, end }) => start <= at && at < end);

function asking(place: Place, period: Period, eventType?: string) {
  const { tenantId, timeZone: tenantZone } = place;
  return {
    asked: { ...allOf(place), from: period.from, to: period.to, eventType },
    question: { tenantId, appId: APP, period, tenantZone, eventType },
  };
}
