import { newId, UserId } from '@libs/kernel';
import { call } from '@libs/testing';
import { AnalyticsHouse, TestTenant } from './analytics.house';

const OWNER = 'tenant:write analytics:read';

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

const erase = (userId: string, as: { token?: string; headers?: Record<string, string> } = { token }) =>
  call<{ erasureId: string; code?: string }>(
    house.url,
    `/api/v1/analytics/users/${encodeURIComponent(userId)}`,
    {
      method: 'DELETE',
      ...as,
    },
  );

const progress = (id: string, as = token) =>
  call<{ code?: string }>(house.url, `/api/v1/analytics/erasures/${id}`, { token: as });

describe('a request to erase a person', () => {
  it('is taken, told to every service under one id, and written into the audit log with who asked', async () => {
    const by = newId<UserId>();
    const { status, body, headers } = await erase('dona@padaria.example', {
      token: house.token(tenant, OWNER, by),
    });
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/api/v1/analytics/erasures/${body.erasureId}`);
    expect(await progress(body.erasureId)).toMatchObject({
      status: 200,
      body: { status: 'queued', erased: {} },
    });
    const { rows } = await house.admin.query<{ topic: string; messages: { payload: object }[] }>(
      'select topic, messages from analytics.outbox where tenant_id = $1',
      [tenant.tenantId],
    );
    const told = Object.fromEntries(rows.map(({ topic, messages }) => [topic, messages.at(-1)?.payload]));
    const pseudonym: unknown = expect.stringMatching(/^p_[\w-]{22}$/);
    expect(told).toEqual({
      'analytics.person-erased.v1': {
        erasureId: body.erasureId,
        userId: pseudonym,
        erasedAt: expect.any(String),
      },
      'audit.recorded.v1': expect.objectContaining({
        action: 'analytics.person_erasure_requested',
        actorId: by,
        target: pseudonym,
        details: { erasureId: body.erasureId },
      }),
    });
    expect(JSON.stringify(rows)).not.toContain('padaria');
  });

  it('is for owners and admins in person who signed in just now: no reader, no key, nobody of another tenant', async () => {
    expect((await erase('quem', { token: house.token(tenant, 'analytics:read') })).status).toBe(403);
    const key = await house.key(tenant, ['analytics:read', 'events:write']);
    expect((await erase('quem', { headers: { 'x-api-key': key } })).status).toBe(403);
    const caller = { tenantId: tenant.tenantId, userId: newId<UserId>(), scope: OWNER };
    const stale = house.issuer.tokenFor({ ...caller, provenSecondsAgo: 301 });
    const late = await erase('quem', { token: stale });
    expect([late.status, late.body.code]).toEqual([403, 'step_up_required']);
    const { erasureId } = (await erase('quem')).body;
    const crossed = await progress(erasureId, house.token(stranger, OWNER));
    expect([crossed.status, crossed.body.code]).toEqual([404, 'erasure_not_found']);
    for (const id of [newId(), "1' or '1'='1"]) expect((await progress(id)).status).toBe(404);
  });

  it('is refused for names that none can have', async () => {
    expect((await erase('x'.repeat(2_000))).status).toBe(414);
    for (const name of ['a\nb', '\u0000']) expect((await erase(name)).status).toBe(400);
  });
});
