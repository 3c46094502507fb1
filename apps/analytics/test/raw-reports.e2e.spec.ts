import { request } from 'node:http';
import { newId, UserId } from '@libs/kernel';
import { ReceivedEvent } from '@libs/tracked-events';
import { Answer, call, eventually, heldBytes } from '@libs/testing';
import { AnalyticsHouse, TestTenant } from './analytics.house';
import { aTrackedEvent } from './tracked-event.builder';

type Body = Record<string, unknown> & { items: Record<string, unknown>[]; nextCursor: string | null };

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TODAY = Math.floor(Date.now() / DAY);
// the afternoon of a Tuesday two to three weeks ago: far from midnight, and from Monday, in every zone of the test
const NOON = (TODAY - 14 - ((TODAY - 14 + 4 + 5) % 7)) * DAY + 15 * HOUR;
const at = (ms: number) => new Date(NOON + ms).toISOString();

let house: AnalyticsHouse;
let tenant: TestTenant;
let stranger: TestTenant;
let token: string;

/** By one user on one device. */
function did(
  userId: string,
  eventType: string,
  ms: number,
  changes: Partial<ReceivedEvent> = {},
): ReceivedEvent {
  const { tenantId, appId } = tenant;
  const [timestamp, deviceId] = [at(ms), `device of ${userId}`];
  return aTrackedEvent({ tenantId, appId, userId, deviceId, eventType, timestamp, ...changes });
}

beforeAll(async () => {
  house = await AnalyticsHouse.open();
  [tenant, stranger] = [await house.tenant(), await house.tenant()];
  token = house.token(tenant);
  await house.store([
    did('ana', 'page_view', 0),
    did('ana', 'click', 60_000),
    did('ana', 'transfer_completed', 120_000, { properties: { note: '=HYPERLINK("http://evil")' } }),
    did('ana', 'page_view', DAY),
    did('bia', 'page_view', 0, { country: 'PT' }),
    did('bia', 'click', 2 * HOUR),
    did('caio', 'page_view', 0),
    did('caio', 'page_view', 7 * DAY),
    // ten of one instant: a page must not lose any of them
    ...Array.from({ length: 10 }, () => did('dora', 'heartbeat', 3 * DAY)),
    did('eva@padaria.example', 'page_view', DAY, { userId: 'p_nobody' }),
    did('ana', 'page_view', 0, { tenantId: stranger.tenantId, appId: stranger.appId, country: 'AR' }),
  ]);
}, 120_000);
afterAll(() => house?.close());

const get = (path: string, as = token): Promise<Answer<Body>> =>
  call<Body>(house.url, `/api/v1/analytics/${path}`, { token: as });

describe('the profile of a person', () => {
  it('tells when they came, what they did and with what', async () => {
    const { status, body, headers } = await get('users/ana');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({
      appId: tenant.appId,
      timeZone: 'America/Sao_Paulo',
      userId: 'ana',
      firstSeen: at(0),
      lastSeen: at(DAY),
      events: 4,
      byType: [{ eventType: 'page_view', events: 2, lastAt: at(DAY) }, { eventType: 'click' }, {}],
      sessions: { count: 2, meanSeconds: 60, lastStartedAt: at(DAY) },
      devices: [{ value: 'desktop', events: 4 }],
      countries: [{ value: 'BR', events: 4 }],
      lastPages: [{ at: at(DAY) }],
    });
    expect(Date.parse(String(body['asOf']))).toBeLessThanOrEqual(Date.now());
  });

  it('keeps its first and last sight whatever the period, and counts the period', async () => {
    const { body } = await get(`users/ana?startDate=${at(HOUR)}&endDate=${at(2 * DAY)}`);
    expect(body).toMatchObject({ firstSeen: at(0), lastSeen: at(DAY), events: 1, sessions: { count: 1 } });
  });

  it.each([
    ['users/ninguem', 404, 'user_unknown'],
    ['users/%00', 400, 'forbidden_character'],
    [`users/${'x'.repeat(300)}`, 414, 'url_too_long'],
    [`users/ana?appId=${newId()}`, 404, 'user_unknown'],
    ['users/ana?startDate=ontem', 400, 'malformed_start_date'],
    ['users/ana?tenantId=x', 400, 'unknown_property'],
    ['users/ana/activity?eventType=A', 400, 'malformed_event_type'],
    ['users/ana/activity?cursor=xx', 400, 'malformed_cursor'],
  ])('%s is %i %s', async (path, status, code) => {
    const answer = await get(path);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it('is nothing to another tenant, by any of its paths', async () => {
    const theirs = house.token(stranger);
    expect((await get('users/caio', theirs)).status).toBe(404);
    expect((await get(`users/caio?appId=${tenant.appId}`, theirs)).status).toBe(404);
    expect((await get(`users/caio/activity?appId=${tenant.appId}`, theirs)).body.items).toEqual([]);
    expect((await get(`sessions/list?appId=${tenant.appId}`, theirs)).body.items).toEqual([]);
    expect((await get(`sessions?appId=${tenant.appId}`, theirs)).body['sessions']).toBe(0);
    expect((await get('users/ana', theirs)).body).toMatchObject({ events: 1, countries: [{ value: 'AR' }] });
  });

  it.each(['users/dora/activity?limit=3', 'sessions/list?limit=2'])(
    '%s gives every row once',
    async (path) => {
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const { body }: Answer<Body> = await get(`${path}${cursor && `&cursor=${cursor}`}`);
        seen.push(...body.items.map((item) => JSON.stringify(item)));
        cursor = body.nextCursor;
      }
      expect(seen.length).toBe(path.startsWith('users') ? 10 : 8);
      expect(new Set(seen).size).toBe(seen.length);
    },
  );

  it('lists what they did, narrowed by type', async () => {
    const { body } = await get('users/ana/activity?eventType=transfer_completed');
    expect(body.items).toMatchObject([{ eventType: 'transfer_completed', occurredAt: at(120_000) }]);
    expect(body.nextCursor).toBeNull();
  });
});

describe('a funnel', () => {
  it('counts who took the steps in order and in time', async () => {
    const { status, body } = await get('funnel?steps=page_view,click,transfer_completed&window=1h');
    expect(status).toBe(200);
    expect(body['steps']).toEqual([
      { eventType: 'page_view', visitors: 4, ofFirst: 1, ofPrevious: 1, medianSeconds: 0 },
      { eventType: 'click', visitors: 1, ofFirst: 0.25, ofPrevious: 0.25, medianSeconds: 60 },
      { eventType: 'transfer_completed', visitors: 1, ofFirst: 0.25, ofPrevious: 1, medianSeconds: 120 },
    ]);
  });

  it('is answered from the cache until an event of its days, or of the window after them, comes', async () => {
    const path = `funnel?steps=page_view,click&window=3h&startDate=${at(-HOUR)}&endDate=${at(HOUR)}`;
    expect((await get(path)).headers.get('x-cache')).toBe('MISS');
    const hit = await get(path);
    expect(hit.headers.get('x-cache')).toBe('HIT');
    expect(hit.body).toMatchObject({ from: at(-HOUR), to: at(HOUR), windowSeconds: 10_800 });
    await house.store([did('caio', 'click', 90 * 60_000)]);
    const after = await get(path);
    expect(after.headers.get('x-cache')).toBe('MISS');
    expect(after.body['steps']).toMatchObject([{ visitors: 3 }, { visitors: 3 }]);
  });

  it.each([
    ['', 'missing_property'],
    ['?steps=page_view', 'malformed_steps'],
    [`?steps=${Array(9).fill('click').join(',')}`, 'malformed_steps'],
    ["?steps=a,b');--", 'malformed_steps'],
    ['?steps=a,*', 'malformed_steps'],
    ['?steps=a,b&window=91d', 'malformed_window'],
    ['?steps=a,b&window=0m', 'malformed_window'],
    ['?steps=a,b&window=-1d', 'malformed_window'],
    ['?steps=a,b&window=1e3m', 'malformed_window'],
    ['?steps=a,b&steps=c,d', 'malformed_steps'],
  ])('refuses %s: %s', async (query, code) => {
    const { status, body } = await get(`funnel${query}`);
    expect([status, body['code']]).toEqual([400, code]);
  });

  it('refuses a period that is too long with its window', async () => {
    const { status, body } = await get('funnel?steps=a,b&window=90d&startDate=2024-01-01&endDate=2024-12-31');
    expect([status, body['code']]).toEqual([422, 'period_too_long']);
  });
});

describe('retention and sessions', () => {
  it('shows by week who came again', async () => {
    const { status, body } = await get(
      `retention?cohort=week&startDate=${at(0)}&endDate=${at(HOUR)}&periods=1&startEvent=page_view&returnEvent=page_view`,
    );
    expect(status).toBe(200);
    const [cohort] = body['cohorts'] as Record<string, unknown>[];
    expect(new Date(`${String(cohort?.['day'])}T12:00:00Z`).getUTCDay()).toBe(1);
    expect(cohort).toMatchObject({ returned: [{ period: 1, complete: expect.any(Boolean) as boolean }] });
    const [{ visitors }] = cohort?.['returned'] as [{ visitors: number }];
    expect(visitors).toBe(1);
  });

  it.each([
    ['retention?cohort=month', 400, 'malformed_cohort'],
    ['retention?periods=32', 400, 'malformed_periods'],
    ['retention?startEvent=*', 400, 'malformed_start_event'],
    ['retention?startDate=2024-01-01&endDate=2024-12-31', 422, 'period_too_long'],
    ['sessions?country=br', 400, 'malformed_country'],
    ['sessions?limit=101', 400, 'malformed_limit'],
    ['sessions?timeZone=Mars/Base', 422, 'unknown_time_zone'],
    ['sessions/list?userId=%00', 400, 'forbidden_character'],
    ['export?format=xls', 400, 'malformed_format'],
    ['export?identities=yes', 400, 'malformed_identities'],
  ])('%s is %i %s', async (path, status, code) => {
    const answer = await get(path);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it('shows sessions with how they began', async () => {
    const { body } = await get(`sessions?startDate=${at(-HOUR)}&endDate=${at(HOUR)}`);
    expect(body).toMatchObject({
      sessions: 3,
      bounces: 3,
      bounceRate: 1,
      pageViews: 3,
      pagesPerSession: 1,
      entryPages: [{ sessions: 3, share: 1, bounceRate: 1 }],
      remainder: 0,
    });
    expect(
      (await get(`sessions?startDate=${at(-HOUR)}&endDate=${at(HOUR)}&country=PT`)).body['sessions'],
    ).toBe(1);
  });

  it('reads nothing of another application by an API key', async () => {
    const key = await house.key(tenant);
    const paths = [
      'users/ana',
      'users/ana/activity',
      'funnel?steps=a,b',
      'retention',
      'sessions',
      'sessions/list',
      'export',
    ];
    for (const path of paths) {
      const headers = { 'x-api-key': key };
      const sign = path.includes('?') ? '&' : '?';
      const foreign = `/api/v1/analytics/${path}${sign}appId=${newId()}`;
      const answer = await call<Body>(house.url, foreign, { headers });
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'wrong_app']);
      const own = await fetch(new URL(`/api/v1/analytics/${path}`, house.url), { headers });
      expect([path, own.status]).toEqual([path, 200]);
      await own.body?.cancel();
    }
  });
});

describe('the export', () => {
  const file = async (query: string, as = token) => {
    const headers = { authorization: `Bearer ${as}` };
    const response = await fetch(new URL(`/api/v1/analytics/export${query}`, house.url), { headers });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const owner = () => house.token(tenant, 'analytics:read tenant:write');

  it('has every event of the period in each form, and only ours', async () => {
    const csv = await file('?format=csv', owner());
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="events.csv"');
    const lines = csv.text.trimEnd().split('\r\n');
    const ndjson = (await file('?format=ndjson', owner())).text.trimEnd().split('\n');
    const events = ndjson.map((line) => JSON.parse(line) as Record<string, string>);
    const { rows } = await house.admin.query<{ count: number }>(
      'select count(*)::int as count from analytics.events where tenant_id = $1',
      [tenant.tenantId],
    );
    expect([lines.length - 1, events.length]).toEqual([rows[0]?.count, rows[0]?.count]);
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(events.length);
    const places = events.map(({ eventType, occurredAt }) => `${eventType} ${occurredAt}`);
    expect(places).toEqual([...places].sort());
    const json = await house.admin
      .query('select 1')
      .then(() => file('?format=json&eventType=click', owner()));
    const whole = JSON.parse(json.text) as { appId: string; events: { eventType: string }[] };
    expect(whole.appId).toBe(tenant.appId);
    expect(new Set(whole.events.map(({ eventType }) => eventType))).toEqual(new Set(['click']));
  });

  it('is an empty one of its form where there is nothing', async () => {
    const query = 'startDate=2020-01-01&endDate=2020-01-02';
    const own = house.token(await house.tenant());
    expect((await file(`?format=csv&${query}`, own)).text.split('\r\n')).toHaveLength(2);
    expect((await file(`?format=ndjson&${query}`, own)).text).toBe('');
    const json = JSON.parse((await file(`?format=json&${query}`, own)).text) as { events: unknown[] };
    expect(json.events).toEqual([]);
  });

  it('says who did it to those alone who administer the tenant', async () => {
    const fresh = await house.tenant();
    const timestamp = at(0);
    await house.store([aTrackedEvent({ ...fresh, userId: 'ana', deviceId: 'seu-celular', timestamp })]);
    const plain = await file('?format=json', house.token(fresh));
    expect(plain.status).toBe(200);
    expect(plain.text).not.toMatch(/"ana"|seu-celular|userId|context/);
    const refused = await file('?identities=true', house.token(fresh));
    expect([refused.status, (JSON.parse(refused.text) as Body)['code']]).toEqual([
      403,
      'identities_not_allowed',
    ]);
    const named = await file(
      '?format=json&identities=true',
      house.token(fresh, 'analytics:read tenant:write'),
    );
    expect(named.text).toMatch(/"userId":"ana","deviceId":"seu-celular"/);
    const key = await house.key(fresh, ['analytics:read']);
    const byKey = await call<Body>(house.url, '/api/v1/analytics/export?identities=true', {
      headers: { 'x-api-key': key },
    });
    expect(byKey.status).toBe(403);
  });

  it('makes text of what a spreadsheet would run', async () => {
    const fresh = await house.tenant();
    await house.store([
      aTrackedEvent({ ...fresh, userId: '=cmd', sessionId: '+1+1', timestamp: at(0), version: '@SUM(A1)' }),
    ]);
    const as = house.token(fresh, 'analytics:read tenant:write');
    const { text } = await file('?format=csv&identities=true', as);
    expect(text).toMatch(/,'=cmd,/);
    expect(text).toMatch(/,'@SUM\(A1\),/);
  });

  it('stands in the audit log before its first byte', async () => {
    const fresh = await house.tenant();
    const userId = newId<UserId>();
    await file('?format=ndjson&eventType=click', house.token(fresh, 'analytics:read', userId));
    const { rows } = await house.admin.query<{ messages: { payload: Record<string, unknown> }[] }>(
      `select messages from analytics.outbox where tenant_id = $1 and topic = 'audit.recorded.v1'`,
      [fresh.tenantId],
    );
    expect(rows.flatMap(({ messages }) => messages).map(({ payload }) => payload)).toMatchObject([
      {
        action: 'analytics.exported',
        actorId: userId,
        actorKind: 'person',
        target: fresh.appId,
        details: { format: 'ndjson', identities: 'false', eventType: 'click' },
      },
    ]);
  });

  /** Begins to read, and stops: what is to come waits for the reader. */
  const begin = (as: string) =>
    new Promise<{ status: number; leave: () => void }>((resolve, reject) => {
      const headers = { authorization: `Bearer ${as}` };
      const asked = request(
        new URL('/api/v1/analytics/export?format=ndjson', house.url),
        { headers },
        (answer) => {
          answer.pause();
          resolve({ status: answer.statusCode ?? 0, leave: () => void answer.destroy() });
        },
      );
      asked.on('error', reject).end();
    });

  it('reads no further than its reader, holds no connection, and ends when the reader leaves', async () => {
    const fresh = await house.tenant();
    await house.admin.query('select analytics.make_partitions(array[$1::date])', [`${at(0).slice(0, 7)}-01`]);
    await house.admin.query(
      `insert into analytics.events (tenant_id, event_id, "timestamp", app_id, event_type, occurred_at, received_at, source, context,
         user_agent, metadata)
       select $1, gen_random_uuid(), $3, $2, 'page_view', $3, $3, 'sdk', '{}', '{}', jsonb_build_object('text', repeat('ção ', 1000))
       from generate_series(1, 20000)`,
      [fresh.tenantId, fresh.appId, at(0)],
    );
    const as = house.token(fresh);
    const readBytes = async () => {
      const { rows } = await house.admin.query<{ busy: number }>(
        `select count(*)::int as busy from pg_stat_activity
         where datname = current_database() and usename = 'analytics_api' and (state <> 'idle' or xact_start is not null)`,
      );
      return rows[0]?.busy;
    };
    const before = heldBytes();
    const [one, two] = [await begin(as), await begin(as)];
    expect([one.status, two.status]).toEqual([200, 200]);
    await eventually(async () => expect(await readBytes()).toBe(0));
    // of 240 MB, a few pieces of 2 MiB and what has room in the sockets
    expect(heldBytes() - before).toBeLessThan(64 * 1024 * 1024);
    const third = await call<Body>(house.url, '/api/v1/analytics/export', { token: as });
    expect([third.status, third.body['code'], third.headers.get('retry-after')]).toEqual([
      429,
      'too_many_exports',
      '30',
    ]);
    one.leave();
    two.leave();
    // no oftener: a tenant may ask for ten a minute
    await eventually(
      async () => {
        const again = await begin(as);
        again.leave();
        expect(again.status).toBe(200);
      },
      { every: 1_000 },
    );
  });

  it('may be asked for ten times a minute', async () => {
    const as = house.token(await house.tenant());
    const statuses: number[] = [];
    for (let time = 0; time < 11; time++)
      statuses.push((await file('?startDate=2020-01-01&endDate=2020-01-01', as)).status);
    expect(statuses).toEqual([...Array<number>(10).fill(200), 429]);
  });
});
