import { newId } from '@libs/kernel';
import { call, eventually } from '@libs/testing';
import { EventsHouse, TestTenant } from './events.house';
import { aLoggedEvent } from './logged-event.builder';
import { openSink, OpenSink } from './projections';

interface Page {
  items: Record<string, unknown>[];
  nextCursor: string | null;
  code?: string;
}

const LISTS = ['events', 'transactions', 'notifications', 'insights'] as const;
const SECRET = 'a secret for tests, thirty-two characters at least';

let house: EventsHouse;
let sink: OpenSink;
let tenant: TestTenant;
let stranger: TestTenant;
let token: string;

const START = Date.now() - 3_600_000;
const at = (minute: number) => new Date(START + minute * 60_000).toISOString();
// of the same hour: on Monday morning an hour ago lies in the week before
const weeksAgo = (weeks: number) => at(-weeks * 7 * 24 * 60);

beforeAll(async () => {
  house = await EventsHouse.open();
  sink = await openSink(house.database, SECRET);
  [tenant, stranger] = [await house.tenant(), await house.tenant()];
  token = house.token(tenant, 'analytics:read events:write');
  const { tenantId } = tenant;
  const food = (timestamp: string, amount: string) =>
    aLoggedEvent({
      tenantId,
      userId: 'ela',
      eventType: 'payment_completed',
      timestamp,
      properties: { amount, category_id: 'food' },
    });
  await sink.store.execute([
    ...[1, 2, 3, 4, 5, 6, 7].map((weeks) => food(weeksAgo(weeks), '100.00')),
    food(at(0), '900.00'),
    // ten of the same instant: a page must not lose any of them
    ...Array.from({ length: 10 }, () => aLoggedEvent({ tenantId, userId: 'ele', timestamp: at(1) })),
    aLoggedEvent({ tenantId, userId: 'ela', eventType: 'goal_completed', timestamp: at(2), properties: {} }),
    aLoggedEvent({ tenantId, userId: 'ele', eventType: 'budget_exceeded', timestamp: at(3), properties: {} }),
    aLoggedEvent({ tenantId: stranger.tenantId, userId: 'ela', timestamp: at(1) }),
  ]);
  await sink.findInsights();
});
afterAll(async () => {
  await sink?.close();
  await house?.close();
});

const get = (path: string, as = token) => call<Page>(house.url, `/api/v1/${path}`, { token: as });

describe('reading what became of the events', () => {
  it('shows events, transactions, notifications and insights, each in its form', async () => {
    const [events, transactions, notifications, insights] = await Promise.all(LISTS.map((list) => get(list)));
    expect(events?.body.items).toHaveLength(18);
    expect(transactions?.body.items).toHaveLength(18);
    expect(transactions?.body.items.at(0)).toMatchObject({
      type: 'expense',
      amount: '150.50',
      currency: 'BRL',
      description: 'Transferência PIX',
      categoryId: 'transfers',
    });
    expect(notifications?.body.items).toMatchObject([
      { type: 'budget_alert', priority: 'high', userId: 'ele', read: false, readAt: null },
      { type: 'goal_completed', userId: 'ela' },
    ]);
    expect(insights?.body.items).toMatchObject([
      {
        insightType: 'spending_pattern',
        categoryId: 'food',
        userId: 'ela',
        amount: '900.00',
        usualAmount: '100.00',
      },
    ]);
  });

  it.each([
    ['events?userId=ela', 8],
    ['events/users/ela', 8],
    ['events/users/ninguem', 0],
    ['events?type=transfer_completed', 10],
    ['events?properties.category_id=food', 5],
    ['events?properties.category_id=food&from=2020-01-01T00:00:00Z&to=2020-06-01T00:00:00Z', 0],
    ['events?properties.amount=150.50&userId=ele', 10],
    ['events?properties.amount=150.50&properties.transfer_type=pix&type=transfer_completed', 10],
    ['events?properties.amount=150.50&properties.transfer_type=ted', 0],
    ['events?properties.__proto__=x', 0],
    ['transactions?userId=ele&type=expense', 10],
    ['transactions?type=income', 0],
    ['transactions?categoryId=food', 8],
    ['transactions?userId=a%25', 0],
    ['notifications?type=budget_alert', 1],
    ['notifications?read=true', 0],
    ['insights?minConfidence=100', 0],
    ['insights?userId=ela&from=2020-01-01', 1],
    ['insights?to=2020-01-01', 0],
  ])('narrows %s to %i', async (path, count) => {
    const { status, body } = await get(path);
    expect(status).toBe(200);
    expect(body.items).toHaveLength(count);
  });

  it('narrows by time, both ends included', async () => {
    const [first] = (await get('events?userId=ele&limit=1')).body.items;
    const instant = String(first?.['occurredAt']);
    expect((await get(`events?userId=ele&from=${instant}&to=${instant}`)).body.items).toHaveLength(10);
    const backwards = await get(`events?from=${instant}&to=2020-01-01T00:00:00Z`);
    expect([backwards.status, backwards.body.code]).toEqual([422, 'invalid_range']);
  });

  it.each([
    'events?limit=3',
    'events?limit=3&properties.currency=BRL',
    'transactions?limit=3',
    'notifications?limit=1',
  ])('gives every row of %s once, page by page, while others are added', async (path) => {
    const seen: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Page = (await get(`${path}${cursor ? `&cursor=${cursor}` : ''}`)).body;
      seen.push(...page.items.map((item) => item['eventId']));
      cursor = page.nextCursor;
      await sink.store.execute([
        aLoggedEvent({
          tenantId: tenant.tenantId,
          eventType: 'cashback_earned',
          userId: 'ele',
          properties: {},
        }),
      ]);
    }
    expect(new Set(seen).size).toBe(seen.length);
    if (path.includes('properties')) expect(seen.length).toBe(10);
    else if (!path.startsWith('notifications')) expect(seen.length).toBe(18);
  });

  it.each([
    ['events?from=yesterday', 400, 'malformed_from'],
    ['events?type=Transfer', 400, 'malformed_type'],
    ['events?type=page_view', 400, 'malformed_type'], // counted by analytics: an empty list would say that there are none
    ['events/users/ele?userId=ela', 400, 'unknown_property'],
    ['events?properties.=x', 400, 'malformed_properties'],
    ['events?properties=x', 400, 'malformed_properties'],
    ['events?properties=x&properties=y', 400, 'malformed_properties'],
    ['events?properties.a=1&properties.a=2', 400, 'malformed_properties'],
    ['events?properties.a%01=1', 400, 'malformed_properties'],
    ['events?properties.a=1&properties.b=1&properties.c=1&properties.d=1', 400, 'malformed_properties'],
    ['events?properties.a=1&from=2024-01-01T00:00:00Z', 422, 'range_too_wide'],
    ['events?properties.a=1&from=2999-01-01T00:00:00Z', 422, 'invalid_range'],
    ['events/users/ela?properties.a=1', 400, undefined],
    ['events?cursor=e30', 400, 'malformed_cursor'],
    ['events?tenantId=x', 400, undefined],
    ['events/users/a%00b', 400, undefined],
    ['notifications?read=yes', 400, 'malformed_read'],
    ['insights?minConfidence=101', 400, 'malformed_min_confidence'],
    ['insights?from=2026-13-01', 400, 'malformed_from'],
    ['notifications/x', 404, 'notification_not_found'],
    ['insights/x', 404, 'insight_not_found'],
  ])('refuses %s with %i', async (path, status, code) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    if (code) expect(JSON.stringify(answer.body)).toContain(code);
  });
});

describe('a notification', () => {
  const mark = (id: unknown, read: unknown, as = token) =>
    call<Record<string, unknown>>(house.url, `/api/v1/notifications/${String(id)}`, {
      method: 'PATCH',
      token: as,
      body: { read },
    });

  it('can be marked read, stays read since then, and unread again', async () => {
    const [notification] = (await get('notifications?type=goal_completed')).body.items;
    const id = notification?.['id'];
    const once = await mark(id, true);
    expect(once).toMatchObject({ status: 200, body: { id, read: true, readAt: expect.any(String) } });
    expect((await mark(id, true)).body).toEqual(once.body);
    expect((await get('notifications?read=true')).body.items).toHaveLength(1);
    expect((await mark(id, false)).body).toMatchObject({ read: false, readAt: null });
    expect((await mark(id, 'yes')).status).toBe(400);
  });

  it('is marked by a person of any role, and by a program that may write, too', async () => {
    const [notification] = (await get('notifications?type=goal_completed')).body.items;
    const id = notification?.['id'];
    // what auth puts into a token of each role
    const viewer = 'releases:read pix:read analytics:read tenant:read members:read apps:read events:write';
    const operator = `${viewer} releases:write pix:write`;
    const admin = `${operator} tenant:write members:write apps:write keys:read keys:write audit:read`;
    for (const scopes of [viewer, operator, admin])
      expect((await mark(id, false, house.token(tenant, scopes))).status).toBe(200);
    expect((await mark(id, false, house.token(tenant, 'analytics:read'))).status).toBe(200);
    const key = await house.key(tenant, { scopes: ['analytics:read', 'events:write'] });
    await eventually(async () => expect((await mark(id, false, key)).status).toBe(200));
  });

  it('is not marked by another tenant, by a program that only reads, nor by a public write key', async () => {
    const [notification] = (await get('notifications?type=budget_alert')).body.items;
    const id = notification?.['id'];
    const theirs = await mark(id, true, house.token(stranger, 'analytics:read events:write'));
    expect([theirs.status, theirs.body['code']]).toEqual([404, 'notification_not_found']);
    const reader = await house.key(tenant, { scopes: ['analytics:read'] });
    await eventually(async () => expect((await get('notifications', reader)).status).toBe(200));
    const refused = await mark(id, true, reader);
    expect([refused.status, refused.body['code']]).toEqual([403, 'insufficient_scope']);
    expect((await mark(id, true, house.token(tenant, 'events:write'))).status).toBe(403);
    const key = await house.key(tenant, { scopes: ['events:write'] });
    expect((await mark(id, true, key)).status).toBe(403);
    expect((await mark(newId(), true)).status).toBe(404);
    expect((await get('notifications?type=budget_alert')).body.items).toMatchObject([{ read: false }]);
  });
});

describe('who may read', () => {
  it.each(LISTS)('%s is for analytics:read, by token or key, and nobody else', async (list) => {
    expect((await call(house.url, `/api/v1/${list}`)).status).toBe(401);
    expect((await get(list, house.token(tenant, 'events:write'))).status).toBe(403);
    const writer = await house.key(tenant, { scopes: ['events:write'] });
    const reader = await house.key(tenant, { scopes: ['analytics:read'] });
    await eventually(async () => expect((await get(list, reader)).status).toBe(200));
    expect((await get(list, writer)).status).toBe(403);
  });

  it('finds nothing of another tenant: lists, ids and cursors', async () => {
    const theirs = house.token(stranger, 'analytics:read');
    expect((await get('events', theirs)).body.items).toHaveLength(1);
    expect((await get('events?properties.amount=150.50', theirs)).body.items).toMatchObject([
      { userId: 'ela' },
    ]);
    expect((await get('transactions?userId=ele', theirs)).body.items).toEqual([]);
    for (const list of ['notifications', 'insights']) {
      const [mine] = (await get(list)).body.items;
      expect((await get(list, theirs)).body.items).toEqual([]);
      expect((await get(`${list}/${String(mine?.['id'])}`)).status).toBe(200);
      expect((await get(`${list}/${String(mine?.['id'])}`, theirs)).status).toBe(404);
    }
    const { nextCursor } = (await get('events?limit=1')).body;
    const carried = (await get(`events?cursor=${nextCursor}`, theirs)).body.items;
    expect(carried.every((item) => item['appId'] !== undefined && item['userId'] === 'ela')).toBe(true);
    expect(carried.length).toBeLessThanOrEqual(1);
  });
});
