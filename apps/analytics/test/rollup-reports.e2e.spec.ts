import { newId } from '@libs/kernel';
import { ReceivedEvent } from '@libs/tracked-events';
import { AnalyticsHouse, TestTenant } from './analytics.house';
import { aTrackedEvent } from './tracked-event.builder';

const DAY = '2026-03-10';
let house: AnalyticsHouse;
let tenant: TestTenant;
let token: string;

const clientOf = (person: number) => ({
  userId: `pessoa-${person}`,
  deviceId: `aparelho-${person}`,
  sessionId: `visita-${person}`,
});

function at(time: string, person: number, changes: Partial<ReceivedEvent> = {}): ReceivedEvent {
  const { tenantId, appId } = tenant;
  return aTrackedEvent({
    tenantId,
    appId,
    timestamp: new Date(`${DAY}T${time}:00-03:00`).toISOString(),
    ...clientOf(person),
    ...changes,
  });
}

interface Answered {
  code: string;
  timeZone: string;
  from: string;
  to: string;
  events?: number;
  total?: number;
  totals: { events: number };
  previous: { totals: { events: number } };
  change: object;
  breakdown: { values: { events: number }[]; remainder: { events: number } };
  points: { start: string; count: number }[];
  values: object[];
  today: { events: number };
  last7Days: object;
  last30Days: { events: number };
  topPages: { values: object[] };
  active: object;
}

async function get(path: string, credentials: Record<string, string> = { authorization: `Bearer ${token}` }) {
  const answer = await fetch(`${house.url}/api/v1/analytics/${path}`, { headers: credentials });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answered };
}

beforeAll(async () => {
  house = await AnalyticsHouse.open();
  tenant = await house.tenant();
  token = house.token(tenant);
  await house.store([
    at('00:00', 1),
    at('09:00', 1, { eventType: 'click', properties: { plan: 'gold', seats: 3 } }),
    at('09:20', 2, { device: { ...aTrackedEvent().device, kind: 'mobile' } }),
    at('23:59', 3, { country: undefined, properties: { plan: '3' } }),
    at('23:59', 3, { timestamp: '2026-03-12T02:59:00.000Z' }),
  ]);
}, 60_000);
afterAll(() => house?.close());

describe('GET /analytics/events/summary', () => {
  it('counts events and who they are of, and says what it is about', async () => {
    const { status, body, headers } = await get(`events/summary?startDate=${DAY}&endDate=${DAY}`);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      appId: tenant.appId,
      timeZone: 'America/Sao_Paulo',
      from: '2026-03-10T03:00:00.000Z',
      to: '2026-03-11T03:00:00.000Z',
      asOf: expect.stringMatching(/Z$/) as string,
      totals: {
        events: 4,
        users: { count: 3, method: 'exact', error: 0 },
        sessions: { count: 3, method: 'exact', error: 0 },
      },
      byType: [
        { eventType: 'page_view', events: 3 },
        { eventType: 'click', events: 1 },
      ],
      otherTypes: { events: 0 },
    });
  });

  it('breaks down by a dimension, with a remainder that makes it whole', async () => {
    const { body } = await get(`events/summary?startDate=${DAY}&endDate=${DAY}&breakdown=device&limit=1`);
    expect(body.breakdown).toEqual({
      dimension: 'device',
      values: [{ value: 'desktop', events: 3, share: 0.75 }],
      exact: true,
      remainder: { events: 1, share: 0.25, folded: 0 },
    });
    const { body: countries } = await get(`events/summary?startDate=${DAY}&endDate=${DAY}&breakdown=country`);
    expect(countries.breakdown.values).toEqual([
      { value: 'BR', events: 3, share: 0.75 },
      { value: '', events: 1, share: 0.25 },
    ]);
  });

  it('compares with as many days before', async () => {
    const { body } = await get('events/summary?startDate=2026-03-11&endDate=2026-03-11&compare=previous');
    expect(body.totals.events).toBe(1);
    expect(body.previous).toMatchObject({ from: '2026-03-10T03:00:00.000Z', totals: { events: 4 } });
    expect(body.change).toEqual({ events: -0.75, users: -0.6667, sessions: -0.6667 });
  });

  it.each([
    ['metadata.plan=gold', 1],
    ['metadata.plan=3', 1],
    ['metadata.seats=3', 1],
    ['metadata.plan=gold&metadata.seats=3', 1],
    ['metadata.plan=gold&metadata.seats=4', 0],
    ["metadata.plan=gold'%20or%20true", 0],
    ['metadata.plan=gold&eventType=page_view', 0],
  ])('counts the events with %s', async (filter, events) => {
    const { status, body } = await get(
      `events/summary?startDate=${DAY}&endDate=${DAY}&breakdown=url&${filter}`,
    );
    expect(status).toBe(200);
    expect(body.totals.events).toBe(events);
    const { values, remainder } = body.breakdown;
    expect(values.reduce((sum, value) => sum + value.events, 0)).toBe(events);
    expect(remainder.events).toBe(0);
  });

  it('widens instants to quarters of an hour, and says so', async () => {
    const { body } = await get(`events/summary?startDate=${DAY}T12:01:00Z&endDate=${DAY}T12:16:00Z`);
    expect([body.from, body.to]).toEqual(['2026-03-10T12:00:00.000Z', '2026-03-10T12:30:00.000Z']);
    expect(body.totals.events).toBe(2);
  });

  it.each([
    ['breakdown=age', 400, 'malformed_breakdown'],
    ['limit=0', 400, 'malformed_limit'],
    ['compare=next', 400, 'malformed_compare'],
    ['eventType=*', 400, 'malformed_event_type'],
    ['metadata.a=1&metadata.b=1&metadata.c=1&metadata.d=1', 400, 'malformed_metadata'],
    ['metadata.a=1&metadata.a=2', 400, 'malformed_metadata'],
    ['metadata.a=%0A', 400, 'malformed_metadata'],
    ['metadata=1', 400, 'malformed_metadata'],
    ['tenantId=1', 400, 'unknown_property'],
    ['startDate=2026-03-02&endDate=2026-03-01', 422, 'invalid_period'],
    ['startDate=2020-03-02', 422, 'period_too_long'],
    ['timeZone=Mars/Olympus', 422, 'unknown_time_zone'],
  ])('refuses %s', async (query, status, code) => {
    const answer = await get(`events/summary?${query}`);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});

describe('GET /analytics/events/timeline', () => {
  it('has a point for every day, and they sum', async () => {
    const { body } = await get('events/timeline?startDate=2026-03-09&endDate=2026-03-12');
    expect(body.points.map(({ count }) => count)).toEqual([0, 4, 1, 0]);
    expect(body.total).toBe(5);
    expect(body.points[1]).toMatchObject({ start: '2026-03-10T03:00:00.000Z', users: { count: 3 } });
  });

  it('has real hours of any zone', async () => {
    const { body } = await get(
      `events/timeline?startDate=${DAY}&endDate=${DAY}&interval=hour&timeZone=Asia/Kathmandu`,
    );
    expect(body.timeZone).toBe('Asia/Kathmandu');
    expect(body.points).toHaveLength(24);
    expect(body.points[0]?.start).toBe('2026-03-09T18:15:00.000Z');
    expect(body.total).toBe(3);
  });

  it('leaves users out where there would be too many sketches', async () => {
    const { body } = await get('events/timeline?startDate=2026-03-01&endDate=2026-03-10&interval=hour');
    expect(body.points).toHaveLength(240);
    expect(body.points[0]).not.toHaveProperty('users');
  });

  it('refuses a year by hour', async () => {
    const { status, body } = await get(
      'events/timeline?startDate=2025-03-11&endDate=2026-03-10&interval=hour',
    );
    expect([status, body.code]).toEqual([422, 'period_too_long']);
  });
});

describe('top lists', () => {
  it('rank pages and referrers of page views', async () => {
    const { body: pages } = await get(`pages?startDate=${DAY}&endDate=${DAY}`);
    expect(pages).toMatchObject({ eventType: 'page_view', dimension: 'url', events: 3 });
    expect(pages.values).toEqual([{ value: 'app.moneyflow.com/transfer', events: 3, share: 1 }]);
    const { body: referrers } = await get(`referrers?startDate=${DAY}&endDate=${DAY}&eventType=click`);
    expect(referrers.values).toEqual([{ value: 'google.com', events: 1, share: 1 }]);
  });
});

describe('GET /analytics/apps/:appId/overview', () => {
  it('tells today, what is looked at and who is there', async () => {
    const other = await house.tenant();
    const now = new Date().toISOString();
    const base = { tenantId: other.tenantId, appId: other.appId, timestamp: now };
    await house.store([
      aTrackedEvent({ ...base, ...clientOf(1) }),
      aTrackedEvent({ ...base, ...clientOf(2) }),
    ]);
    const { status, body } = await get(`apps/${other.appId}/overview`, {
      authorization: `Bearer ${house.token(other)}`,
    });
    expect(status).toBe(200);
    expect(body.today.events).toBe(2);
    expect(body.last7Days).toMatchObject({ events: 2, previous: { events: 0 }, change: { events: null } });
    expect(body.topPages.values[0]).toMatchObject({ events: 2, share: 1 });
    expect(body.active).toEqual({ visitors: 2, minutes: 5 });
  });

  it('refuses what is no id', async () => {
    const { status, body } = await get('apps/x/overview');
    expect([status, body.code]).toEqual([400, 'malformed_app_id']);
  });
});

describe('the cache', () => {
  it('hits until an event comes to the time that was asked about, and not by others', async () => {
    const path = 'events/summary?startDate=2026-02-01&endDate=2026-02-10';
    expect((await get(path)).headers.get('x-cache')).toBe('MISS');
    expect((await get(path)).headers.get('x-cache')).toBe('HIT');
    await house.store([at('10:00', 4, { timestamp: '2026-02-20T12:00:00.000Z' })]);
    expect((await get(path)).headers.get('x-cache')).toBe('HIT');
    await house.store([at('10:00', 4, { timestamp: '2026-02-05T12:00:00.000Z' })]);
    const { headers, body } = await get(path);
    expect([headers.get('x-cache'), body.totals.events]).toEqual(['MISS', 1]);
  });

  it('of a comparison is outdated by what happened in the time before', async () => {
    const path = 'events/summary?startDate=2026-01-11&endDate=2026-01-20&compare=previous';
    await get(path);
    await house.store([at('10:00', 4, { timestamp: '2026-01-05T12:00:00.000Z' })]);
    expect((await get(path)).body.previous.totals.events).toBe(1);
  });
});

describe('whose reports', () => {
  it('are those of the own tenant only, whatever application is named', async () => {
    const stranger = await house.tenant();
    const authorization = `Bearer ${house.token(stranger)}`;
    for (const path of ['events/summary', 'pages', 'events/timeline', 'events/summary?metadata.plan=gold']) {
      const query = `${path.includes('?') ? '&' : '?'}appId=${tenant.appId}&startDate=${DAY}&endDate=${DAY}`;
      const { status, body } = await get(`${path}${query}`, { authorization });
      expect([status, body.events ?? body.total ?? body.totals.events]).toEqual([200, 0]);
    }
    const { body } = await get(`apps/${tenant.appId}/overview`, { authorization });
    expect(body.last30Days.events).toBe(0);
  });

  it('are those of its own application to an API key', async () => {
    const key = { 'x-api-key': await house.key(tenant) };
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect((await get(`events/summary?startDate=${DAY}&endDate=${DAY}`, key)).body.totals.events).toBe(4);
    const { status, body } = await get(`events/summary?appId=${newId()}`, key);
    expect([status, body.code]).toEqual([403, 'wrong_app']);
    expect((await get(`apps/${newId()}/overview`, key)).body.code).toBe('wrong_app');
  });

  it('need the scope, and somebody', async () => {
    const authorization = `Bearer ${house.token(tenant, 'events:write')}`;
    expect((await get('events/summary', { authorization })).status).toBe(403);
    expect((await get('events/summary', {})).status).toBe(401);
  });

  it('wait for the default application of a young tenant', async () => {
    const young = await house.tenant({ defaultApp: false });
    const authorization = `Bearer ${house.token(young)}`;
    const { status, body, headers } = await get('events/summary', { authorization });
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'application_unknown', '1']);
    expect((await get(`events/summary?appId=${newId()}`, { authorization })).status).toBe(200);
  });
});
