import { Client } from 'pg';
import { newId, TenantId } from '@libs/kernel';
import { Analytics, AnalyticsDatabase } from '../../../test/analytics-database';
import { funnelOf, medianOf, retentionOf } from '../../../test/raw-answers';
import { aRawEvent, fillRaw } from '../../../test/raw-fill';
import { COHORT_UNITS, Cohorts } from '../../domain/cohorts';
import { Period } from '../../domain/period';
import { RolledEvent } from '../../domain/rolled-event';
import { joinVisits } from '../../domain/visit';
import { PostgresCohortReader } from './postgres-cohort.reader';
import { PostgresFunnelReader } from './postgres-funnel.reader';
import { PostgresSessionReader } from './postgres-session.reader';

const [ours, theirs] = [newId<TenantId>(), newId<TenantId>()];
const [app, otherApp] = [newId(), newId()];
const TYPES = ['page_view', 'click', 'form_submit', 'transfer_initiated', 'transfer_completed'];
const PAGES = ['https://loja.example/', 'https://loja.example/planos', undefined];
const ZONE = 'America/Sao_Paulo';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The same numbers for the same seed. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

// Around the days on which Brazil changed its clocks: few instants, so that many are the same.
function someEvents(random: (below: number) => number, around: number): RolledEvent[] {
  return Array.from({ length: 1_500 }, () => {
    const occurredAt = new Date(around + random(20 * 24 * 6) * 10 * 60_000).toISOString();
    const type = Math.min(random(TYPES.length + 3), random(TYPES.length));
    return aRawEvent({
      tenantId: random(20) === 0 ? theirs : ours,
      appId: random(20) === 0 ? otherApp : app,
      eventType: TYPES[type] ?? 'page_view',
      // the client's clock, weeks off
      timestamp: new Date(Date.parse(occurredAt) + (random(61) - 30) * DAY).toISOString(),
      occurredAt,
      visitor: random(30) === 0 ? undefined : 1 + random(60),
      url: PAGES[random(PAGES.length)],
      device: random(2) === 0 ? 'mobile' : 'desktop',
    });
  });
}

const random = seeded(7);
const events = [
  ...someEvents(random, Date.parse('2018-10-28T00:00:00Z')),
  ...someEvents(random, Date.parse('2019-02-08T00:00:00Z')),
];
const own = events.filter(({ tenantId, appId }) => tenantId === ours && appId === app);

let database: AnalyticsDatabase;
let api: Analytics;
let admin: Client;

beforeAll(async () => {
  database = await AnalyticsDatabase.create();
  admin = database.admin;
  await fillRaw(admin, events);
  api = await database.api(PostgresFunnelReader, PostgresCohortReader, PostgresSessionReader);
});
afterAll(() => database?.close());

describe('a funnel', () => {
  const questions = Array.from({ length: 40 }, (_, at) => ({
    steps: Array.from({ length: 2 + random(at % 7 === 0 ? 7 : 4) }, () => TYPES[random(TYPES.length)] ?? ''),
    windowMs: [10 * 60_000, HOUR, 6 * HOUR, DAY, 7 * DAY, 90 * DAY][random(6)] ?? HOUR,
    from: new Date(Date.parse('2018-10-28T00:00:00Z') + random(12) * DAY + random(24) * HOUR),
    days: 1 + random(130),
  }));

  it.each(questions)(
    'of $steps.length steps agrees with every chain tried',
    async ({ steps, windowMs, from, days }) => {
      const to = new Date(from.getTime() + days * DAY);
      const read = await api.get(PostgresFunnelReader).read(ours, app, { steps, windowMs }, { from, to });
      expect(read).toEqual(funnelOf(own, steps, windowMs, { from, to }));
    },
  );

  it('counts steps of one instant in no order, and an event for one step only', async () => {
    const [tenantId, appId] = [newId<TenantId>(), newId()];
    const at = '2019-03-01T12:00:00.000Z';
    const later = '2019-03-01T12:00:00.001Z';
    await fillRaw(admin, [
      aRawEvent({ tenantId, appId, occurredAt: at, visitor: 1 }),
      aRawEvent({ tenantId, appId, occurredAt: at, visitor: 1, eventType: 'click' }),
      aRawEvent({ tenantId, appId, occurredAt: at, visitor: 2 }),
      aRawEvent({ tenantId, appId, occurredAt: later, visitor: 2, eventType: 'click' }),
    ]);
    const reader = api.get(PostgresFunnelReader);
    const period = { from: new Date('2019-03-01T00:00:00Z'), to: new Date('2019-03-02T00:00:00Z') };
    const visitorsOf = async (...steps: string[]) =>
      (await reader.read(tenantId, appId, { steps, windowMs: HOUR }, period)).map(({ visitors }) => visitors);
    expect(await visitorsOf('page_view', 'click')).toEqual([2, 1]);
    expect(await visitorsOf('page_view', 'page_view')).toEqual([2, 0]);
    expect(await visitorsOf('nothing', 'click')).toEqual([0, 0]);
  });
});

describe('retention', () => {
  const cases = Array.from({ length: 24 }, (_, at) => ({
    unit: COHORT_UNITS[at % 2] ?? 'day',
    zone: [ZONE, 'Asia/Kathmandu', 'Australia/Lord_Howe', 'UTC'][random(4)] ?? ZONE,
    startEvent: random(2) === 0 ? TYPES[random(3)] : undefined,
    returnEvent: random(2) === 0 ? TYPES[random(3)] : undefined,
    from: new Date(
      Date.parse(at % 3 === 0 ? '2018-10-30T03:00:00Z' : '2019-02-09T11:30:00Z') + random(3) * DAY,
    ),
    days: 1 + random(20),
    returns: 1 + random(31),
  }));

  it.each(cases)('by $unit in $zone agrees with counting', async (question) => {
    const { unit, zone, startEvent, returnEvent, from, days, returns } = question;
    const period = Period.ofInstants(from, new Date(from.getTime() + days * DAY), zone);
    const cohorts = Cohorts.of(unit, period, returns);
    const { sizes, returned } = await api
      .get(PostgresCohortReader)
      .read(ours, app, cohorts, { startEvent, returnEvent });
    const read = new Map([...sizes].map(([cohort, visitors]) => [`${cohort}+0`, visitors]));
    for (const { cohort, bucket, visitors } of returned) read.set(`${cohort}+${bucket - cohort}`, visitors);
    const expected = retentionOf(own, cohorts.bounds, cohorts.count, { startEvent, returnEvent });
    const asked = [...expected].filter(([key]) => Number(key.split('+')[1]) <= returns);
    expect(read).toEqual(new Map(asked));
  });
});

describe('sessions', () => {
  it.each([
    ['2018-11-01T00:00:00Z', '2018-11-06T00:00:00Z', undefined],
    ['2018-11-01T00:00:00Z', '2019-03-06T00:00:00Z', 'mobile'],
    ['2020-01-01T00:00:00Z', '2020-01-06T00:00:00Z', undefined],
  ])('that began from %s to %s (%s) are what the events make', async (first, last, device) => {
    const [from, to] = [new Date(first), new Date(last)];
    const visits = joinVisits([], own).added.filter(
      (visit) =>
        visit.startedAt >= from.toISOString() &&
        visit.startedAt < to.toISOString() &&
        (!device || visit.device === device),
    );
    const lengths = visits.map(({ startedAt, endedAt }) => Date.parse(endedAt) - Date.parse(startedAt));
    const reader = api.get(PostgresSessionReader);
    const report = await reader.report(ours, app, { from, to, device }, 1);
    expect(report).toMatchObject({
      sessions: visits.length,
      withPages: visits.filter(({ pageViews }) => pageViews > 0).length,
      bounces: visits.filter(({ pageViews }) => pageViews === 1).length,
      pageViews: visits.reduce((sum, { pageViews }) => sum + pageViews, 0),
    });
    expect(report.medianMs && Math.round(report.medianMs)).toBe(medianOf(lengths));
    expect(report.entryPages.length).toBe(visits.length > 0 ? 1 : 0);
    expect((report.entryPages[0]?.sessions ?? 0) + report.remainder).toBe(visits.length);
  });

  it('are listed page by page, none left out and none twice', async () => {
    const filter = { from: new Date('2018-10-01T00:00:00Z'), to: new Date('2019-12-01T00:00:00Z') };
    const reader = api.get(PostgresSessionReader);
    const seen: string[] = [];
    for (let page = await reader.list(ours, app, filter, undefined, 7); page.length > 0;) {
      seen.push(...page.map(({ startedAt, visitor }) => `${startedAt.toISOString()} ${visitor}`));
      page = await reader.list(ours, app, filter, page.at(-1), 7);
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe(joinVisits([], own).added.length);
  });

  it("show nothing of another tenant's or another application's", async () => {
    const filter = { from: new Date('2018-10-01T00:00:00Z'), to: new Date('2019-12-01T00:00:00Z') };
    const reader = api.get(PostgresSessionReader);
    const stranger = newId<TenantId>();
    expect(await reader.list(stranger, app, filter, undefined, 10)).toEqual([]);
    expect((await reader.report(stranger, app, filter, 10)).sessions).toBe(0);
  });
});
