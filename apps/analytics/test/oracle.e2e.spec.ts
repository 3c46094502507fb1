import { AnalyticsHouse, TestTenant } from './analytics.house';
import { AnalyticsOracle, Asked } from './analytics-oracle';
import { asTheLogBringsThem, generatedEvents } from './generated-traffic';

interface Told {
  from: string;
  to: string;
  timeZone: string;
  total: number;
  totals: { events: number; users: { count: number }; sessions: { count: number } };
  previous: Told;
  byType: { eventType: string; events: number }[];
  breakdown: Told;
  values: { value: string; events: number }[];
  remainder: { events: number };
  points: { start: string; count: number; users: { count: number }; sessions: { count: number } }[];
  steps: { visitors: number }[];
  cohorts: { day: string; visitors: number; returned: { period: number; visitors: number }[] }[];
  sessions: number;
  bounces: number;
  pageViews: number;
}

// The weeks in which Lord Howe puts its clocks back by half an hour.
const [FROM, TURN] = [new Date('2026-04-01T13:00:00Z'), new Date('2026-04-04T15:00:00Z')];
const QUESTIONS = [
  { startDate: '2026-04-02', endDate: '2026-04-08', timeZone: 'Australia/Lord_Howe' },
  { startDate: '2026-04-05', endDate: '2026-04-05', timeZone: 'Australia/Lord_Howe' },
  { startDate: '2026-04-03', endDate: '2026-04-06', timeZone: 'Asia/Kathmandu' },
  { startDate: '2026-04-02T10:07:00Z', endDate: '2026-04-06T22:51:30Z', timeZone: 'America/St_Johns' },
];

let house: AnalyticsHouse;
let tenant: TestTenant;
let oracle: AnalyticsOracle;
let authorization: string;

beforeAll(async () => {
  house = await AnalyticsHouse.open();
  oracle = new AnalyticsOracle(house.admin);
  tenant = await house.tenant();
  authorization = `Bearer ${house.token(tenant)}`;
  const other = await house.tenant();
  for (const [seed, { tenantId }] of [tenant, other].entries()) {
    // kept for so long that the test outlives the default
    await house.admin.query(`insert into analytics.retention values ($1, 120, '2016-12-01', now())`, [
      tenantId,
    ]);
    const traffic = {
      seed,
      tenantId,
      appIds: [tenant.appId],
      from: FROM,
      days: 7,
      turn: TURN,
      events: 1_000,
    };
    for (const batch of asTheLogBringsThem(generatedEvents(traffic), seed)) await house.store(batch);
  }
}, 60_000);
afterAll(() => house?.close());

async function ask(path: string, question: Record<string, string>): Promise<{ told: Told; asked: Asked }> {
  const response = await fetch(
    `${house.url}/api/v1/analytics/${path}?${new URLSearchParams(question).toString()}`,
    {
      headers: { authorization },
    },
  );
  expect(response.status).toBe(200);
  const told = (await response.json()) as Told;
  return { told, asked: { ...tenant, from: new Date(told.from), to: new Date(told.to) } };
}

const counts = ({ events, users, sessions }: Told['totals']) => ({
  events,
  users: users.count,
  sessions: sessions.count,
});

describe.each(QUESTIONS)('over HTTP the oracle agrees, $startDate to $endDate in $timeZone:', (question) => {
  it('summary, breakdown and the time before', async () => {
    const { told, asked } = await ask('events/summary', {
      ...question,
      breakdown: 'url',
      limit: '2',
      compare: 'previous',
    });
    expect(told.totals.events).toBeGreaterThan(100);
    expect(counts(told.totals)).toEqual(await oracle.totals(asked));
    const types = await oracle.byType(asked);
    expect(told.byType).toEqual(types.map(({ eventType, events }) => ({ eventType, events })));
    const values = (await oracle.values(asked, 'url')).slice(0, 2);
    expect(told.breakdown.values).toMatchObject(values);
    const top = values.reduce((sum, { events }) => sum + events, 0);
    expect(told.breakdown.remainder.events).toBe(told.totals.events - top);
    const [from, to] = [new Date(told.previous.from), new Date(told.previous.to)];
    expect(to).toEqual(asked.from);
    expect(counts(told.previous.totals)).toEqual(await oracle.totals({ ...asked, from, to }));
  });

  it('summary of what has certain metadata', async () => {
    const { told, asked } = await ask('events/summary', {
      ...question,
      eventType: 'page_view',
      'metadata.step': '1',
    });
    const metadata = { step: 1 };
    expect(counts(told.totals)).toEqual(await oracle.totals({ ...asked, eventType: 'page_view', metadata }));
  });

  it.each(['day', 'hour'] as const)('timeline by %s, summing to the total', async (interval) => {
    const { told, asked } = await ask('events/timeline', { ...question, interval });
    const pieces =
      interval === 'day' ? await oracle.days(asked, told.timeZone) : await oracle.hours(asked, told.timeZone);
    const counted = told.points
      .filter(({ count }) => count > 0)
      .map((point) => counts({ ...point, events: point.count }));
    expect(counted).toEqual(pieces.map(({ events, users, sessions }) => ({ events, users, sessions })));
    expect(told.total).toBe((await oracle.totals(asked)).events);
  });

  it('funnel, cohorts and sessions', async () => {
    const steps = ['page_view', 'click', 'form_submit'];
    const funnel = await ask('funnel', { ...question, steps: steps.join(), window: '1d' });
    const reached = await oracle.funnel(funnel.asked, steps, 86_400_000);
    expect(funnel.told.steps.map(({ visitors }) => visitors)).toEqual(
      reached.map(({ visitors }) => visitors),
    );
    const { told, asked } = await ask('retention', { ...question, cohort: 'day', periods: '5' });
    const cells = told.cohorts.flatMap(({ day, visitors, returned }) =>
      [{ period: 0, visitors }, ...returned]
        .filter((cell) => cell.visitors > 0)
        .map((cell) => ({ cohort: day, period: cell.period, visitors: cell.visitors })),
    );
    const all = await oracle.retention(asked, told.timeZone, 'day');
    expect(cells).toEqual(all.filter(({ period }) => period <= 5));
    const sessions = await ask('sessions', question);
    const visits = await oracle.visits(sessions.asked);
    expect(sessions.told).toMatchObject({
      sessions: visits.length,
      bounces: visits.filter((visit) => visit.page_views === 1).length,
      pageViews: visits.reduce((sum, visit) => sum + visit.page_views, 0),
    });
  });
});
