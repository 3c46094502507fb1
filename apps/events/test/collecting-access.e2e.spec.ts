import { newId, TenantId, UserId } from '@libs/kernel';
import { call, eventually } from '@libs/testing';
import { CollectedResponse } from '../src/interfaces/http/collect.response';
import { EventsHouse, TestTenant } from './events.house';
import { aPageView } from './sdk-event.builder';

const ORIGIN = 'https://app.estrela.example';
const ROUTES = ['', '/batch', '/track', '/track/batch'];

let house: EventsHouse;
let tenant: TestTenant;
let key: string;

beforeAll(async () => {
  house = await EventsHouse.open();
  tenant = await house.tenant({ origins: [ORIGIN] });
  key = await house.key(tenant);
});
afterAll(() => house.close());

const bodyFor = (route: string, id: string = crypto.randomUUID()): unknown => {
  const track = { eventType: 'boleto_printed', eventId: id };
  const sdk = aPageView({ event_id: id });
  const one = route.startsWith('/track') ? track : sdk;
  return route.endsWith('/batch') ? { events: [one] } : one;
};
const send = (route: string, headers: Record<string, string>, body: unknown = bodyFor(route)) =>
  call<CollectedResponse & { code?: string }>(house.url, `/api/v1/events${route}`, { body, headers });
const bearer = (text: string) => ({ authorization: `Bearer ${text}` });

describe.each(ROUTES)('POST /events%s', (route) => {
  it('takes a token, a key in either header, and a write key in the URL', async () => {
    for (const headers of [bearer(house.token(tenant)), { 'x-api-key': key }, bearer(key)])
      expect(await send(route, headers)).toMatchObject({ status: 202, body: { accepted: 1 } });
    const inUrl = await send(`${route}?key=${key}`, {}, bodyFor(route));
    expect(inUrl).toMatchObject({ status: 202, body: { accepted: 1 } });
  });

  it('is closed to everybody else', async () => {
    const reading = await house.key(tenant, { scopes: ['analytics:read'] });
    const more = await house.key(tenant, { scopes: ['events:write', 'analytics:read'] });
    const attempts: [string, Record<string, string>, number, string][] = [
      [route, {}, 401, 'not_authenticated'],
      [route, bearer('x.y.z'), 401, 'invalid_token'],
      [route, bearer(house.token(tenant, 'analytics:read')), 403, 'insufficient_scope'],
      [route, { 'x-api-key': reading }, 403, 'insufficient_scope'],
      [`${route}?key=${more}`, {}, 403, 'not_a_write_key'],
      [`${route}?key=${reading}`, {}, 403, 'not_a_write_key'],
      [`${route}?key=mf_live_junk`, {}, 401, 'invalid_api_key'],
      [`${route}?key=${key}`, { 'x-api-key': key }, 400, 'ambiguous_credentials'],
      [`${route}?key=${key}`, bearer(house.token(tenant)), 400, 'ambiguous_credentials'],
    ];
    for (const [path, headers, status, code] of attempts) {
      const answer = await send(path, headers, bodyFor(route));
      expect([path, answer.status, answer.body.code]).toEqual([path, status, code]);
    }
  });
});

describe('whose an event is', () => {
  it('is the tenant and app of the key, whatever headers, URL and event say', async () => {
    const other = await house.tenant();
    const id = crypto.randomUUID();
    const lies = { 'x-api-key': key, 'x-tenant-id': other.tenantId, 'x-forwarded-host': 'outra.example' };
    expect((await send(`?tenant_id=${other.tenantId}`, lies, aPageView({ event_id: id }))).status).toBe(202);
    const claim = aPageView({ tenant_id: other.tenantId });
    expect((await send('', { 'x-api-key': key }, claim)).body.rejected[0]?.code).toBe('unknown_property');
    await eventually(() => expect(house.logged.find(id)).toMatchObject(tenant));
  });

  it('is the person of a token and the default app of its tenant', async () => {
    const userId = newId<UserId>();
    const id = crypto.randomUUID();
    const event = aPageView({ event_id: id, user: { user_id: newId(), device_id: newId() } });
    await send('', bearer(house.token(tenant, 'events:write', userId)), event);
    await eventually(() => expect(house.logged.find(id)).toMatchObject({ ...tenant, userId }));
  });

  it('is nobody’s while the tenant is not known yet, and is refused when it is suspended', async () => {
    const unknown = { tenantId: newId<TenantId>(), appId: newId() };
    const answer = await send('', bearer(house.token(unknown)));
    expect([answer.status, answer.body.code]).toEqual([503, 'application_unknown']);
    expect(answer.headers.get('retry-after')).toBe('1');
    const suspended = await house.tenant({ status: 'suspended' });
    const its = await house.key(suspended);
    for (const headers of [bearer(house.token(suspended)), { 'x-api-key': its }])
      expect((await send('', headers)).body.code).toBe('tenant_suspended');
  });

  it('is the browser that sent it, but never the server of a customer', async () => {
    const ids = [crypto.randomUUID(), crypto.randomUUID()];
    const bare = (id: string) => aPageView({ event_id: id, context: {} });
    const agent = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' };
    await send(`?key=${key}`, agent, bare(ids[0] ?? ''));
    await send('', { ...agent, 'x-api-key': key }, bare(ids[1] ?? ''));
    await eventually(() => ids.forEach((id) => expect(house.logged.find(id)).toBeDefined()));
    expect(house.logged.find(ids[0] ?? '')?.device).toMatchObject({ browser: 'Firefox', os: 'Linux' });
    expect(house.logged.find(ids[1] ?? '')).toMatchObject({ device: { browser: 'Other', bot: false } });
  });
});

describe('a page of the tenant', () => {
  const post = (path: string, init: RequestInit) =>
    fetch(`${house.url}/api/v1/events${path}`, { method: 'POST', ...init });

  it('sends without a preflight, as sendBeacon does, and may read the answer', async () => {
    const answer = await post(`/batch?key=${key}`, {
      body: JSON.stringify({ events: [aPageView()] }),
      headers: { 'content-type': 'text/plain;charset=UTF-8', origin: ORIGIN },
    });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(answer.headers.get('access-control-expose-headers')).toContain('Retry-After');
    expect(await answer.json()).toMatchObject({ accepted: 1 });
  });

  it('may ask first, for what needs a preflight', async () => {
    const preflight = await fetch(`${house.url}/api/v1/events/batch`, {
      method: 'OPTIONS',
      headers: {
        origin: ORIGIN,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-api-key',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(ORIGIN);
  });

  it('is not one of another tenant, nor of nobody', async () => {
    const other = await house.tenant({ origins: ['https://app.outra.example'] });
    const its = await house.key(other);
    for (const origin of ['https://evil.example', ORIGIN, 'null']) {
      const answer = await post(`?key=${its}`, {
        body: JSON.stringify(aPageView()),
        headers: { 'content-type': 'text/plain', origin },
      });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('sends text only with its key in the URL', async () => {
    const answer = await post('', {
      body: JSON.stringify(aPageView()),
      headers: { 'content-type': 'text/plain', 'x-api-key': key },
    });
    expect([answer.status, await answer.json()]).toMatchObject([415, { code: 'unsupported_media_type' }]);
  });
});
