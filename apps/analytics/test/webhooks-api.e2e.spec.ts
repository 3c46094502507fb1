import { newId, UserId } from '@libs/kernel';
import { Answer as Answered, call } from '@libs/testing';
import { AnalyticsHouse, TestTenant } from './analytics.house';

const PATH = '/api/v1/analytics/webhooks';
const OWNER = 'tenant:write analytics:read';
const INSIDE = 'http://127.0.0.1:9999/hook';

interface Answer {
  id: string;
  secret: string;
  code: string;
  items: { id: string }[];
  nextCursor: string | null;
}

let house: AnalyticsHouse;
let tenant: TestTenant;
let stranger: TestTenant;
let token: string;

beforeAll(async () => {
  house = await AnalyticsHouse.open({ WEBHOOK_ALLOWED_NETWORKS: '127.0.0.1/32' });
  [tenant, stranger] = [await house.tenant(), await house.tenant()];
  token = house.token(tenant, OWNER);
}, 120_000);
afterAll(() => house?.close());

const ask = (path: string, options: Parameters<typeof call>[2] = {}) =>
  call<Answer>(house.url, PATH + path, { token, ...options });
const register = (body: object = {}, options: Parameters<typeof call>[2] = {}) =>
  ask('', { body: { url: INSIDE, events: ['event.*'], ...body }, ...options });
const codeOf = ({ status, body }: Answered<Answer>) => `${status} ${body?.code ?? ''}`.trim();

async function audited(): Promise<{ action: string; target: string; details: object }[]> {
  const { rows } = await house.admin.query<{ messages: { payload: never }[] }>(
    `select messages from analytics.outbox where tenant_id = $1 and topic = 'audit.recorded.v1' order by created_at`,
    [tenant.tenantId],
  );
  return rows.flatMap(({ messages }) => messages.map(({ payload }) => payload));
}

describe('a webhook', () => {
  it('is registered with a secret that is shown once, changed, rotated, removed; all of it audited, its address not', async () => {
    const made = await register({ description: 'Loja' });
    expect([made.status, made.headers.get('location')]).toEqual([
      201,
      `/api/v1/analytics/webhooks/${made.body.id}`,
    ]);
    expect(made.headers.get('cache-control')).toBe('no-store');
    expect(made.body).toMatchObject({
      url: INSIDE,
      events: ['event.*'],
      status: 'active',
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) as string,
    });
    const { id, secret } = made.body;
    const shown = await ask(`/${id}`);
    expect(shown.body).toMatchObject({ id, description: 'Loja' });
    expect(JSON.stringify([shown.body, (await ask('')).body])).not.toContain('whsec_');
    const { rows } = await house.admin.query('select secret from analytics.webhook where id = $1', [id]);
    expect(JSON.stringify(rows)).not.toContain(secret.slice(6, 30));
    const paused = await ask(`/${id}`, {
      method: 'PATCH',
      body: { status: 'paused', events: ['alert.fired'] },
    });
    expect(paused.body).toMatchObject({ status: 'paused', events: ['alert.fired'] });
    const rotated = await ask(`/${id}/secret`, { body: { overlapHours: 1 } });
    expect(rotated.status).toBe(201);
    expect(rotated.body.secret).not.toBe(secret);
    expect((await ask(`/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(codeOf(await ask(`/${id}`))).toBe('404 webhook_not_found');
    const entries = await audited();
    expect(entries.map(({ action }) => action)).toEqual(
      ['registered', 'changed', 'secret_rotated', 'removed'].map((what) => `analytics.webhook_${what}`),
    );
    expect(new Set(entries.map(({ target }) => target))).toEqual(new Set([id]));
    expect(JSON.stringify(entries)).not.toContain('/hook');
  });

  it('is registered once, however often the request is sent again, with the same secret', async () => {
    const headers = { 'idempotency-key': newId() };
    const answers = [await register({}, { headers }), await register({}, { headers })];
    expect(answers[1]?.body).toEqual(answers[0]?.body);
    expect(answers[1]?.headers.get('idempotency-replayed')).toBe('true');
    const other = await register({ events: ['alert.*'] }, { headers });
    expect(codeOf(other)).toBe('422 idempotency_key_reused');
    // a colleague with the same key gets one of their own, never this secret
    const colleague = house.token(tenant, OWNER, newId<UserId>());
    const theirs = await register({}, { headers, token: colleague });
    expect(theirs.body.secret).not.toBe(answers[0]?.body.secret);
  });

  it('is for owners and admins in person; to register, change, rotate or remove one they have just signed in', async () => {
    const { id } = (await register()).body;
    const key = await house.key(tenant, ['analytics:read', 'events:write']);
    const stale = house.issuer.tokenFor({
      tenantId: tenant.tenantId,
      userId: newId<UserId>(),
      scope: OWNER,
      provenSecondsAgo: 301,
    });
    const body = { url: INSIDE, events: ['event.*'] };
    const routes: [method: string, path: string, body: object | undefined, stepUp: boolean][] = [
      ['GET', '', undefined, false],
      ['POST', '', body, true],
      ['GET', `/${id}`, undefined, false],
      ['PATCH', `/${id}`, {}, true],
      ['DELETE', `/${id}`, undefined, true],
      ['POST', `/${id}/secret`, {}, true],
      ['POST', `/${id}/test`, undefined, false],
      ['GET', `/${id}/deliveries`, undefined, false],
      ['GET', `/${id}/deliveries/${newId()}`, undefined, false],
      ['POST', `/${id}/deliveries/replay`, { since: '2026-11-01T00:00:00Z' }, false],
      ['POST', `/${id}/deliveries/${newId()}/replay`, undefined, false],
    ];
    for (const [method, path, given, stepUp] of routes) {
      const as = (options: object) =>
        call<Answer>(house.url, PATH + path, { method, body: given, ...options });
      const reader = await as({ token: house.token(tenant, 'analytics:read') });
      expect([method, path, reader.status]).toEqual([method, path, 403]);
      const byKey = await as({ headers: { 'x-api-key': key } });
      expect([method, path, codeOf(byKey)]).toEqual([method, path, '403 person_required']);
      expect((await as({})).status).toBe(401);
      const late = codeOf(await as({ token: stale }));
      expect([method, path, late === '403 step_up_required']).toEqual([method, path, stepUp]);
    }
  });

  it('of another tenant is not there', async () => {
    const { id } = (await register()).body;
    const theirs = { token: house.token(stranger, OWNER) };
    for (const [method, path, body] of [
      ['GET', `/${id}`],
      ['PATCH', `/${id}`, { status: 'paused' }],
      ['DELETE', `/${id}`],
      ['POST', `/${id}/secret`, {}],
      ['POST', `/${id}/test`],
      ['GET', `/${id}/deliveries`],
      ['POST', `/${id}/deliveries/replay`, { since: '2026-11-01T00:00:00Z' }],
    ] as [string, string, object?][])
      expect([path, codeOf(await ask(path, { method, body, ...theirs }))]).toEqual([
        path,
        '404 webhook_not_found',
      ]);
    expect((await ask('', theirs)).body.items).toEqual([]);
    expect((await ask(`/${id}`)).body).toMatchObject({ status: 'active' });
  });

  it('leads nowhere inside, is told only of what there is, and its lists have pages', async () => {
    const refused: [body: object, code: string][] = [
      [{ url: 'http://169.254.169.254/latest/meta-data' }, '422 webhook_host_not_public'],
      [{ url: 'https://10.0.0.1/' }, '422 webhook_host_not_public'],
      [{ url: 'https://0x7f.2/' }, '422 webhook_host_not_public'],
      [{ url: 'https://[::ffff:10.0.0.1]/' }, '422 webhook_host_not_public'],
      [{ url: 'https://localhost:3000/' }, '422 webhook_host_not_public'],
      [{ url: 'https://dona:senha@loja.example/' }, '422 webhook_url_with_credentials'],
      [{ url: 'https://loja.example:22/' }, '422 webhook_port_not_allowed'],
      [{ url: 'gopher://loja.example/' }, '422 webhook_url_not_https'],
      [{ url: 'loja.example' }, '422 malformed_webhook_url'],
      [{ url: 7 }, '400 malformed_webhook_url'],
      [{ events: ['event.Página'] }, '400 malformed_events'],
      [{ events: ['releases.posted'] }, '422 unknown_webhook_event'],
      [{ events: [] }, '400 malformed_events'],
      [{ appId: 'minha' }, '400 malformed_id'],
      [{ secret: 'whsec_mine' }, '400 unknown_property'],
    ];
    for (const [body, code] of refused) expect([body, codeOf(await register(body))]).toEqual([body, code]);
    const page = await ask('?limit=1');
    expect(page.body.items).toHaveLength(1);
    const next = await ask(`?limit=1&cursor=${String(page.body.nextCursor)}`);
    expect(next.body.items[0]?.id).not.toBe(page.body.items[0]?.id);
    expect(codeOf(await ask('?cursor=nonsense'))).toBe('400 malformed_cursor');
    for (const id of ['x', "1' or '1'='1"])
      expect(codeOf(await ask(`/${encodeURIComponent(id)}`))).toBe('404 webhook_not_found');
  });

  it('is one of twenty at most, also when many are registered at once', async () => {
    const own = { token: house.token(await house.tenant(), OWNER) };
    const answers = await Promise.all(Array.from({ length: 24 }, () => register({}, own)));
    const codes = answers.map(codeOf).sort();
    expect(codes.filter((code) => code === '201')).toHaveLength(20);
    expect(new Set(codes.slice(20))).toEqual(new Set(['409 too_many_webhooks']));
  });
});
