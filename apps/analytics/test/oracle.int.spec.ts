import { Cohorts } from '../src/domain/cohorts';
import { DIMENSIONS } from '../src/domain/dimensions';
import { UniqueSketch } from '../src/domain/unique-sketch';
import { PostgresCohortReader } from '../src/infrastructure/postgres/postgres-cohort.reader';
import { PostgresFunnelReader } from '../src/infrastructure/postgres/postgres-funnel.reader';
import { PostgresPersonReader } from '../src/infrastructure/postgres/postgres-person.reader';
import { PostgresSessionReader } from '../src/infrastructure/postgres/postgres-session.reader';
import { allOf, APP, openWorld, PLACES, someQuestions } from './oracle-world';

let world: Awaited<ReturnType<typeof openWorld>>;

beforeAll(async () => {
  world = await openWorld();
  for (const [index, place] of PLACES.entries()) await world.store(place, 10 + index, 1_200);
}, 120_000);
afterAll(() => world?.close());

describe.each(PLACES)('what is stored of $name:', (place) => {
  const { tenantId, from, to } = place;

  it('quarters that say what the raw events say', async () => {
    const { rows } = await world.admin.query<{ users: Buffer; sessions: Buffer; [column: string]: unknown }>(
      `select event_type collate "C" as "eventType", bucket, events::int, users, sessions from analytics.quarter_rollup
       where tenant_id = $1 and app_id = $2 and bucket >= $3 and bucket < $4 order by 2, 1`,
      [tenantId, APP, from, to],
    );
    expect(rows.length).toBeGreaterThan(200);
    const counted = rows.map(({ users, sessions, ...row }) => ({
      ...row,
      users: UniqueSketch.of(users).count,
      sessions: UniqueSketch.of(sessions).count,
    }));
    expect(counted).toEqual(await world.oracle.quarters(allOf(place)));
  });

  it.each(DIMENSIONS)('values of %s that say what the raw events say', async (dimension) => {
    const { rows } = await world.admin.query(
      `select value collate "C" as value, sum(events)::int as events from analytics.quarter_value
       where tenant_id = $1 and app_id = $2 and bucket >= $3 and bucket < $4 and dimension = $5
       group by 1 order by 2 desc, 1`,
      [tenantId, APP, from, to, dimension],
    );
    expect(rows.length).toBeGreaterThan(1);
    expect(rows).toEqual(await world.oracle.values(allOf(place), dimension));
  });

  it('the sessions that lie in the raw events', async () => {
    const { rows } = await world.admin.query(
      `select visitor::text, started_at, ended_at, user_id, events, page_views, entry_url, exit_url, referrer, device, country
       from analytics.sessions where tenant_id = $1 and app_id = $2 and started_at >= $3 and started_at < $4
       order by started_at, visitor::text`,
      [tenantId, APP, from, to],
    );
    expect(rows.length).toBeGreaterThan(50);
    expect(rows).toEqual(await world.oracle.visits(allOf(place)));
  });
});

describe.each(PLACES)('reports of the raw events of $name agree with the oracle:', (place) => {
  it.each([
    [['page_view', 'click'], 3_600_000],
    [['page_view', 'click', 'transfer_completed'], 7 * 86_400_000],
    [['click', 'click', 'click', 'page_view', 'heartbeat'], 2 * 86_400_000],
    [['page_view', 'of_none'], 60_000],
  ])('the funnel %j within %i ms', async (steps, windowMs) => {
    const reader = world.api.get(PostgresFunnelReader);
    for (const { period } of someQuestions(place, 3, 4)) {
      const asked = { ...allOf(place), from: period.from, to: period.to };
      const reached = await reader.read(place.tenantId, APP, { steps, windowMs }, period);
      expect(reached).toEqual(await world.oracle.funnel(asked, steps, windowMs));
    }
  });

  it.each([
    ['day', {}],
    ['day', { startEvent: 'page_view', returnEvent: 'click' }],
    ['week', { returnEvent: 'heartbeat' }],
  ] as const)('who comes back by %s, %j', async (unit, events) => {
    const reader = world.api.get(PostgresCohortReader);
    for (const { period } of someQuestions(place, 4, 6)) {
      const cohorts = Cohorts.of(unit, period, 6);
      const { sizes, returned } = await reader.read(place.tenantId, APP, cohorts, events);
      const table = cohorts.table(sizes, returned, cohorts.over(new Date()));
      const told = table.flatMap(({ day, visitors, returned: cells }) =>
        [{ period: 0, visitors }, ...cells]
          .filter((cell) => cell.visitors > 0)
          .map((cell) => ({ cohort: day, period: cell.period, visitors: cell.visitors })),
      );
      const asked = { ...allOf(place), from: cohorts.from, to: cohorts.to };
      const all = await world.oracle.retention(asked, period.timeZone, unit, events);
      expect(told).toEqual(all.filter((cell) => cell.period <= 6));
    }
  });

  it('sessions, their length, and who left after one page', async () => {
    for (const { period } of someQuestions(place, 5, 8)) {
      const { from, to } = period;
      const report = await world.api
        .get(PostgresSessionReader)
        .report(place.tenantId, APP, { from, to }, 100);
      const visits = await world.oracle.visits({ ...allOf(place), from, to });
      const lengths = visits.map((visit) => visit.ended_at.getTime() - visit.started_at.getTime());
      expect(report).toMatchObject({
        sessions: visits.length,
        withPages: visits.filter((visit) => visit.page_views > 0).length,
        bounces: visits.filter((visit) => visit.page_views === 1).length,
        pageViews: visits.reduce((sum, visit) => sum + visit.page_views, 0),
      });
      if (lengths.length > 0)
        expect(report.meanMs).toBeCloseTo(lengths.reduce((sum, ms) => sum + ms, 0) / lengths.length, 3);
      const entries = Object.groupBy(visits, (visit) => visit.entry_url ?? '');
      for (const { url, sessions } of report.entryPages) expect(sessions).toBe(entries[url]?.length);
      expect(report.remainder).toBe(entries['']?.length ?? 0);
    }
  });

  it('what a person did', async () => {
    for (const { period } of someQuestions(place, 6, 3)) {
      const userId = 'pessoa-7';
      const asked = { ...allOf(place), from: period.from, to: period.to };
      const profile = await world.api.get(PostgresPersonReader).profile(place.tenantId, APP, userId, period);
      const { rows } = await world.admin.query<{ events: number }>(
        `select event_type collate "C" as "eventType", count(*)::int as events, max(occurred_at) as "lastAt" from analytics.events
         where tenant_id = $1 and app_id = $2 and user_id = $3 and occurred_at >= $4 and occurred_at < $5
         group by 1 order by 2 desc, 1`,
        [place.tenantId, APP, userId, asked.from, asked.to],
      );
      expect(profile?.events).toBe(rows.reduce((sum, row) => sum + row.events, 0));
      expect(profile?.byType).toHaveLength(rows.length);
      expect(profile?.byType).toEqual(expect.arrayContaining(rows));
    }
  });
});
