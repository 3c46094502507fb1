import { newId } from '@libs/kernel';
import { call } from '@libs/testing';
import { AnalyticsHouse, TestTenant } from './analytics.house';
import { aTrackedEvent } from './tracked-event.builder';

const ALERTS = '/api/v1/analytics/alerts';
const OWNER = 'tenant:write analytics:read';
const RULE = {
  name: 'Acessos demais',
  metric: 'events',
  condition: { kind: 'threshold', windowMinutes: 60, above: 100 },
};

interface Answer {
  id: string;
  code?: string;
  items: Record<string, unknown>[];
  nextCursor: string | null;
  errors?: { path: string; code: string }[];
  [name: string]: unknown;
}

let house: AnalyticsHouse;
let tenant: TestTenant;
let stranger: TestTenant;
let token: string;

beforeAll(async () => {
  house = await AnalyticsHouse.open();
  [tenant, stranger] = [await house.tenant(), await house.tenant()];
  token = house.token(tenant, OWNER);
}, 120_000);
afterAll(() => house?.close());

const ask = (method: string, path: string, body?: object, headers: Record<string, string> = {}, as = token) =>
  call<Answer>(house.url, `${ALERTS}${path}`, { method, token: as, body, headers });

async function made(rule: object = RULE): Promise<string> {
  const { status, body } = await ask('POST', '', rule);
  expect(status).toBe(201);
  return body.id;
}

describe('alerts over HTTP', () => {
  it('are made, shown, changed and deleted, and each of it stands in the audit log', async () => {
    const { status, body, headers } = await ask('POST', '', { ...RULE, eventType: 'click' });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`${ALERTS}/${body.id}`);
    expect(body).toMatchObject({
      ...RULE,
      appId: tenant.appId,
      eventType: 'click',
      notify: true,
      enabled: true,
      state: 'learning',
      last: null,
      incidentId: null,
    });
    expect((await ask('GET', `/${body.id}`)).body).toEqual(body);
    const condition = { kind: 'anomaly', windowMinutes: 120 };
    const changed = await ask('PATCH', `/${body.id}`, { name: 'Outro nome', eventType: null, condition });
    expect([changed.status, changed.body]).toMatchObject([
      200,
      {
        name: 'Outro nome',
        eventType: null,
        condition: { ...condition, sensitivity: 'medium', direction: 'both' },
      },
    ]);
    expect((await ask('DELETE', `/${body.id}`)).status).toBe(204);
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['GET', '/incidents'],
    ] as const) {
      const gone = await ask(method, `/${body.id}${path}`, method === 'PATCH' ? {} : undefined);
      expect([method, gone.status, gone.body.code]).toEqual([method, 404, 'alert_not_found']);
    }
    const { rows } = await house.admin.query<{ messages: { payload: { action: string; target: string } }[] }>(
      `select messages from analytics.outbox where tenant_id = $1 and topic = 'audit.recorded.v1' order by id`,
      [tenant.tenantId],
    );
    const audited = rows.flatMap(({ messages }) => messages.map(({ payload }) => payload));
    expect(audited.filter(({ target }) => target === body.id).map(({ action }) => action)).toEqual([
      'analytics.alert_created',
      'analytics.alert_changed',
      'analytics.alert_deleted',
    ]);
  });

  it('come page by page, of one application or all', async () => {
    const owner = await house.tenant();
    const as = house.token(owner, OWNER);
    const other = newId();
    for (const appId of [owner.appId, other, owner.appId, other, other])
      expect((await ask('POST', '', { ...RULE, appId }, {}, as)).status).toBe(201);
    const seen: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: Answer } = await ask(
        'GET',
        `?limit=2${cursor && `&cursor=${cursor}`}`,
        undefined,
        {},
        as,
      );
      seen.push(...body.items.map(({ appId }) => appId));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual([owner.appId, other, owner.appId, other, other]);
    expect((await ask('GET', `?appId=${other}`, undefined, {}, as)).body.items).toHaveLength(3);
  });

  it('are made once under one idempotency key, and at most fifty', async () => {
    const owner = await house.tenant();
    const as = house.token(owner, OWNER);
    const key = { 'idempotency-key': newId() };
    const [first, again] = [await ask('POST', '', RULE, key, as), await ask('POST', '', RULE, key, as)];
    expect(again.body.id).toBe(first.body.id);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const statuses = await Promise.all(
      Array.from({ length: 52 }, async () => (await ask('POST', '', RULE, {}, as)).status),
    );
    expect(statuses.filter((status) => status === 201)).toHaveLength(49);
    expect(statuses.filter((status) => status === 409)).toHaveLength(3);
  });

  it.each([
    [{}, 400, ''],
    [{ ...RULE, metric: 'money' }, 400, ''],
    [{ ...RULE, condition: null }, 400, ''],
    [{ ...RULE, condition: [] }, 400, ''],
    [{ ...RULE, condition: { ...RULE.condition, windowMinutes: '60' } }, 400, ''],
    [{ ...RULE, condition: { ...RULE.condition, above: null } }, 400, ''],
    [{ ...RULE, condition: { ...RULE.condition, more: 1 } }, 400, ''],
    [{ ...RULE, eventType: "x'; drop table" }, 400, ''],
    [{ ...RULE, name: 'a\nb' }, 400, ''],
    [{ ...RULE, name: 'x'.repeat(101) }, 400, ''],
    [{ ...RULE, tenantId: newId() }, 400, ''],
    [{ ...RULE, notify: 'yes' }, 400, ''],
    [{ ...RULE, condition: { ...RULE.condition, windowMinutes: 61 } }, 422, 'impossible_condition'],
    [{ ...RULE, condition: { ...RULE.condition, above: 1e13 } }, 422, 'impossible_condition'],
    [{ ...RULE, condition: { kind: 'anomaly', windowMinutes: 60, above: 1 } }, 422, 'impossible_condition'],
  ])('that make no sense are refused: %j', async (rule, status, code) => {
    const answer = await ask('POST', '', rule);
    expect([answer.status, status === 400 ? '' : answer.body.code]).toEqual([
      status,
      status === 400 ? '' : code,
    ]);
  });

  it('are for owners and admins to make, for readers to see, for no key, and for nobody else', async () => {
    const id = await made();
    const reader = house.token(tenant, 'analytics:read');
    expect((await ask('GET', `/${id}`, undefined, {}, reader)).status).toBe(200);
    for (const [method, path, body] of [
      ['POST', '', RULE],
      ['PATCH', `/${id}`, { enabled: false }],
      ['DELETE', `/${id}`, undefined],
    ] as const)
      expect((await ask(method, path, body, {}, reader)).status).toBe(403);
    const key = await house.key(tenant);
    const byKey = await call<Answer>(house.url, ALERTS, { headers: { 'x-api-key': key } });
    expect([byKey.status, byKey.body.code]).toEqual([403, 'person_required']);
    const crossing = house.token(stranger, OWNER);
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['GET', '/incidents', undefined],
      ['PATCH', '', { enabled: false }],
      ['DELETE', '', undefined],
    ] as const) {
      const crossed = await ask(method, `/${id}${path}`, body, {}, crossing);
      expect([crossed.status, crossed.body.code]).toEqual([404, 'alert_not_found']);
    }
    expect((await ask('GET', '', undefined, {}, crossing)).body.items).toEqual([]);
    expect((await ask('GET', `/${id}`)).body['enabled']).toBe(true);
  });

  it('show their incidents, newest first, page by page', async () => {
    const id = await made();
    for (let hour = 1; hour <= 3; hour += 1)
      await house.admin.query(
        `insert into analytics.alert_incident (tenant_id, id, alert_id, alert_revision, app_id, alert_name, metric, condition, notify,
           time_zone, window_from, window_to, direction, value, expected, fired_at, resolved_at, resolution, resolved_value)
         values ($1, gen_random_uuid(), $2, 1, $3, 'Acessos demais', 'events', $4, true, 'America/Sao_Paulo',
           $5::timestamptz - interval '1 hour', $5, 'above', 200, 100, $5::timestamptz + interval '61.123 seconds',
           $6, case when $6::timestamptz is null then null else 'calm' end, null)`,
        [
          tenant.tenantId,
          id,
          tenant.appId,
          JSON.stringify(RULE.condition),
          `2026-03-11T0${hour}:00:00Z`,
          hour === 3 ? null : `2026-03-11T0${hour}:31:00Z`,
        ],
      );
    const first = (await ask('GET', `/${id}/incidents?limit=2`)).body;
    expect(first.items).toMatchObject([
      { windowTo: '2026-03-11T03:00:00.000Z', resolvedAt: null, resolution: null, value: 200, expected: 100 },
      { windowTo: '2026-03-11T02:00:00.000Z', resolution: 'calm' },
    ]);
    const last = (await ask('GET', `/${id}/incidents?limit=2&cursor=${first.nextCursor ?? ''}`)).body;
    expect(last.items).toMatchObject([{ windowTo: '2026-03-11T01:00:00.000Z' }]);
    expect(last.nextCursor).toBeNull();
  });
});

describe('a preview', () => {
  const preview = (body: object) => ask('POST', '/preview', body);

  it('says when a rule would have fired, and changes nothing', async () => {
    const owner = await house.tenant();
    const as = house.token(owner, OWNER);
    const { tenantId, appId } = owner;
    const at = (hoursAgo: number) => new Date(Date.now() - hoursAgo * 3_600_000).toISOString();
    const events = [
      ...Array.from({ length: 50 }, (_, n) => ({ timestamp: at(30), userId: `pessoa-${n % 7}` })),
      ...Array.from({ length: 3 }, () => ({ timestamp: at(60), userId: 'pessoa-1' })),
    ];
    await house.store(events.map((event) => aTrackedEvent({ tenantId, appId, ...event })));
    const condition = { kind: 'threshold', windowMinutes: 60, above: 40 };
    const told = await ask('POST', '/preview', { metric: 'events', condition, days: 3 }, {}, as);
    expect(told.status).toBe(200);
    expect(told.body).toMatchObject({ appId, windows: 288, incidents: 1, largest: 50, smallest: 0 });
    expect(told.body.items).toMatchObject([
      { direction: 'above', value: 50, expected: 40, resolvedAt: expect.any(String) },
    ]);
    const users = { metric: 'users', condition: { ...condition, above: 6 }, days: 3 };
    expect((await ask('POST', '/preview', users, {}, as)).body).toMatchObject({ incidents: 1, largest: 7 });
    const anomaly = { metric: 'sessions', condition: { kind: 'anomaly', windowMinutes: 1_440 }, days: 14 };
    const learning = (await ask('POST', '/preview', anomaly, {}, as)).body;
    expect(learning).toMatchObject({ windows: 1_344, learning: 1_344, incidents: 0 });
    const { rows } = await house.admin.query('select 1 from analytics.alert where tenant_id = $1', [
      tenantId,
    ]);
    expect(rows).toEqual([]);
  });

  it('shows nothing of another tenant’s application', async () => {
    const events = Array.from({ length: 5 }, () =>
      aTrackedEvent({ ...tenant, timestamp: new Date(Date.now() - 5_400_000).toISOString() }),
    );
    await house.store(events);
    const body = {
      appId: tenant.appId,
      metric: 'events',
      condition: { kind: 'threshold', windowMinutes: 60, above: 0 },
    };
    expect((await preview(body)).body).toMatchObject({ largest: 5 });
    const crossed = await ask('POST', '/preview', body, {}, house.token(stranger, OWNER));
    expect(crossed.body).toMatchObject({ largest: 0, incidents: 0 });
  });

  it.each([{ days: 0 }, { days: 15 }, { days: '7' }, { days: null }, { name: 'x' }])(
    'of %j is refused',
    async (extra) => {
      const { status } = await preview({ metric: 'events', condition: RULE.condition, ...extra });
      expect(status).toBe(400);
    },
  );
});
