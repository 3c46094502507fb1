import { Client } from 'pg';
import { ApiKeyChangedV1, topics } from '@libs/contracts';
import { EventPublisher, newId } from '@libs/kernel';
import { ExpiringSet, OneTimeStore, StoreUnavailable } from '@libs/redis';
import { ApiKeyPeppers, DENY_LIST, isWellFormedApiKey } from '@libs/security';
import { eventually } from '@libs/testing';
import { AuthUnderTest } from './auth-under-test';

interface Key {
  id: string;
  key: string;
  appId: string;
  prefix: string;
  status: string;
  scopes: string[];
  replaces?: string;
  replacedBy?: string;
  expiresAt?: string;
  revokedAt?: string;
  usage: { count: number; lastUsedAt?: string };
}
type Fact = { tenantId: string; payload: ApiKeyChangedV1 };

let auth: AuthUnderTest;
let admin: Client;
let token: string;
let stranger: string;

beforeAll(async () => {
  auth = await AuthUnderTest.start();
  admin = new Client({ connectionString: auth.database.adminUrl });
  await admin.connect();
  await auth.register('estrela');
  await auth.register('rival');
  token = (await auth.login('estrela')).accessToken;
  stranger = (await auth.login('rival')).accessToken;
});
afterAll(async () => {
  await admin?.end();
  await auth?.stop();
});

const body = { name: 'Integração', scopes: ['releases:write', 'releases:read'] };
const make = (changes: object = {}, headers: Record<string, string> = {}) =>
  auth.call<Key & { code: string }>('/api/v1/keys', { token, body: { ...body, ...changes }, headers });
const show = (id: string, by = token) =>
  auth.call<Key & { code: string }>(`/api/v1/keys/${id}`, { token: by });
const revoke = (id: string, by = token) => auth.call(`/api/v1/keys/${id}`, { method: 'DELETE', token: by });
const regenerate = (id: string, change: object = {}, headers: Record<string, string> = {}) =>
  auth.call<Key & { code: string }>(`/api/v1/keys/${id}/regenerate`, { token, body: change, headers });

async function factsOf(keyId: string): Promise<ApiKeyChangedV1[]> {
  const { rows } = await admin.query<{ messages: Fact[] }>(
    'select messages from auth.outbox where topic = $1 order by created_at, id',
    [topics.apiKeyChanged],
  );
  return rows
    .flatMap(({ messages }) => messages.map(({ payload }) => payload))
    .filter((payload) => payload.keyId === keyId)
    .sort((a, b) => a.revision - b.revision);
}
const denied = async () => (await auth.app.get(ExpiringSet, { strict: false }).snapshot(DENY_LIST)).members;

describe('making a key', () => {
  it('shows its text once, to be kept by nobody, and tells the services what they need', async () => {
    const answer = await make();
    expect(answer.status).toBe(201);
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      location: `/api/v1/keys/${answer.body.id}`,
    });
    const { id, key, prefix } = answer.body;
    expect(isWellFormedApiKey(key)).toBe(true);
    expect(key.startsWith(prefix)).toBe(true);
    const shown = await show(id);
    expect(shown.body).toMatchObject({ id, prefix, status: 'active', ...body, usage: { count: 0 } });
    expect(JSON.stringify(shown.body)).not.toContain(key);
    const [fact] = await factsOf(id);
    const peppers = new ApiKeyPeppers([
      { version: 1, secret: 'a pepper for tests, thirty-two characters at least' },
    ]);
    expect(fact).toEqual({
      keyId: id,
      hmac: peppers.hmac(key),
      pepperVersion: 1,
      scopes: ['releases:write', 'releases:read'],
      appId: shown.body.appId,
      revision: 1,
    });
    const { rows } = await admin.query<{ text: string }>(
      `select k::text as text from auth.api_key k where id = $1
       union all select o::text from auth.outbox o union all select e::text from auth.audit_entry e`,
      [id],
    );
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.some(({ text }) => text.includes(key))).toBe(false);
  });

  it("belongs to the tenant's default application unless another is named", async () => {
    const apps = await auth.call<{ items: { id: string; isDefault: boolean }[] }>('/api/v1/apps', { token });
    expect((await make()).body.appId).toBe(apps.body.items.find(({ isDefault }) => isDefault)?.id);
    const app = await auth.call<{ id: string }>('/api/v1/apps', { token, body: { name: 'Loja' } });
    expect((await make({ appId: app.body.id })).body.appId).toBe(app.body.id);
  });

  it("does not take another tenant's application", async () => {
    const { body: theirs } = await auth.call<{ items: { id: string }[] }>('/api/v1/apps', {
      token: stranger,
    });
    const answer = await make({ appId: theirs.items[0]?.id });
    expect([answer.status, answer.body.code]).toEqual([422, 'unknown_app']);
  });

  it.each([
    [422, 'unknown_scope', { scopes: ['keys:write'] }],
    [422, 'unknown_scope', { scopes: ['releases:read', '__proto__'] }],
    [422, 'expiry_not_ahead', { expiresAt: '2020-01-01T00:00:00.000Z' }],
    [400, 'malformed_scopes', { scopes: [] }],
    [400, 'malformed_scopes', { scopes: 'releases:read' }],
    [400, 'malformed_scopes', { scopes: [['releases:read']] }],
    [400, 'malformed_number', { requestsPerMinute: 6_001 }],
    [400, 'malformed_number', { requestsPerMinute: 0 }],
    [400, 'malformed_instant', { expiresAt: 'tomorrow' }],
    [400, 'malformed_instant', { expiresAt: null }],
    [400, 'malformed_id', { appId: 'default' }],
    [400, 'unknown_property', { tenantId: newId() }],
    [400, 'unknown_property', { hmac: 'a'.repeat(64) }],
    [400, 'malformed_name', { name: '' }],
  ])('answers %i %s to %j', async (status, code, changes) => {
    const answer = await make(changes);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('is for people who have proven themselves lately', async () => {
    const old = await auth.login('estrela');
    await admin.query(`update auth.session set authenticated_at = now() - interval '1 hour'`);
    const stale = (await auth.refresh(old.refreshToken)).body.tokens.accessToken;
    const { id } = (await make()).body;
    const answers = [
      await auth.call('/api/v1/keys', { token: stale, body }),
      await auth.call(`/api/v1/keys/${id}/regenerate`, { token: stale, body: {} }),
      await revoke(id, stale),
    ];
    expect(answers.map(({ status, body: { code } }) => [status, code])).toEqual(
      Array.from({ length: 3 }, () => [403, 'step_up_required']),
    );
    expect((await show(id, stale)).status).toBe(200);
  });

  it.each(['operator', 'viewer'])('is not for the role %s', async (role) => {
    await admin.query(
      `update auth.membership set role = $1 where tenant_id = (select id from auth.tenant where subdomain = 'rival')`,
      [role],
    );
    const lesser = (await auth.login('rival')).accessToken;
    await admin.query(
      `update auth.membership set role = 'owner' where tenant_id = (select id from auth.tenant where subdomain = 'rival')`,
    );
    const answer = await auth.call('/api/v1/keys', { token: lesser, body });
    expect([answer.status, answer.body['code']]).toEqual([403, 'insufficient_scope']);
  });

  it('is not for API keys', async () => {
    const { key } = (await make()).body;
    const answer = await auth.call('/api/v1/keys', { token: key, body });
    expect([answer.status, answer.body['code']]).toEqual([403, 'person_required']);
  });

  it('gives a retry the same key, which the store holds sealed', async () => {
    const complete = jest.spyOn(auth.app.get(OneTimeStore, { strict: false }), 'complete');
    const headers = { 'idempotency-key': 'make-once' };
    const first = await make({}, headers);
    const again = await make({}, headers);
    expect(again.body).toEqual(first.body);
    expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true', 'cache-control': 'no-store' });
    expect(JSON.stringify(complete.mock.calls)).not.toContain(first.body.key);
    expect((await make({ name: 'Outra' }, headers)).status).toBe(422);
    complete.mockRestore();
  });

  it('stops at 200 living ones, however many are asked for at once', async () => {
    await auth.register('cheia');
    const full = (await auth.login('cheia')).accessToken;
    const ask = () => auth.call<Key>('/api/v1/keys', { token: full, body });
    await ask();
    await admin.query(
      `with many as (
         insert into auth.api_key (tenant_id, id, app_id, name, prefix, hmac, pepper_version, scopes, created_at, created_by, revision)
         select k.tenant_id, gen_random_uuid(), app_id, k.name, prefix, md5(i::text) || md5(i::text), 1, scopes, k.created_at, created_by, 1
         from auth.api_key k join auth.tenant t on t.id = k.tenant_id and t.subdomain = 'cheia', generate_series(1, 195) i
         returning tenant_id, id)
       insert into auth.api_key_use (tenant_id, key_id) select tenant_id, id from many`,
    );
    const answers = await Promise.all(Array.from({ length: 12 }, ask));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array.from({ length: 4 }, () => 201),
      ...Array.from({ length: 8 }, () => 409),
    ]);
  });
});

describe('the list', () => {
  it('pages through the keys of the tenant, newest first, and stays stable', async () => {
    const made: string[] = [];
    for (let i = 0; i < 5; i++) made.unshift((await make({ name: `Lista ${i}` })).body.id);
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await auth.call<{ items: Key[]; nextCursor: string | null }>(
        `/api/v1/keys?limit=2${cursor && `&cursor=${cursor}`}`,
        { token },
      );
      seen.push(...page.body.items.map(({ id }) => id));
      cursor = page.body.nextCursor ?? '';
      if (seen.length === 2) await make({ name: 'Later' });
    } while (cursor);
    expect(seen.slice(0, 5)).toEqual(made);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('shows the keys of one application, and none of another tenant', async () => {
    const app = await auth.call<{ id: string }>('/api/v1/apps', { token, body: { name: 'Caixa' } });
    const { id } = (await make({ appId: app.body.id })).body;
    const list = (by: string) =>
      auth.call<{ items: Key[] }>(`/api/v1/keys?appId=${app.body.id}`, { token: by });
    expect((await list(token)).body.items.map((key) => key.id)).toEqual([id]);
    expect((await list(stranger)).body.items).toEqual([]);
  });

  it.each(['limit=0', 'limit=201', 'cursor=x', 'appId=x', 'status=active'])('refuses ?%s', async (query) => {
    expect((await auth.call(`/api/v1/keys?${query}`, { token })).status).toBe(400);
  });
});

describe('another tenant', () => {
  it('finds no key under an id of ours, whatever it does', async () => {
    const { id } = (await make()).body;
    const answers = [
      await show(id, stranger),
      await revoke(id, stranger),
      await auth.call(`/api/v1/keys/${id}/regenerate`, { token: stranger, body: {} }),
    ];
    const unknown = [
      await show(newId(), stranger),
      await revoke(newId(), stranger),
      await auth.call(`/api/v1/keys/${newId()}/regenerate`, { token: stranger, body: {} }),
    ];
    const blank = (answer: { status: number; body: object }) => [
      answer.status,
      { ...answer.body, requestId: '' },
    ];
    expect(answers.map(blank)).toEqual(unknown.map(blank));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect((await show(id)).body.status).toBe('active');
  });

  it.each(['1', 'undefined', '../apps', '%00', "' or 1=1"])('is told the same of the id %j', async (id) => {
    expect([400, 404]).toContain((await show(encodeURIComponent(id), stranger)).status);
  });
});

describe('revoking', () => {
  it('denies the key at once, tells the services, and is harmless when repeated', async () => {
    const { id } = (await make()).body;
    expect((await revoke(id)).status).toBe(204);
    expect(await denied()).toContain(`key:${id}`);
    expect((await show(id)).body).toMatchObject({ status: 'revoked', revokedAt: expect.any(String) });
    expect((await revoke(id)).status).toBe(204);
    const facts = await factsOf(id);
    expect(facts.map(({ revision, revokedAt }) => [revision, typeof revokedAt])).toEqual([
      [1, 'undefined'],
      [2, 'string'],
    ]);
  });

  it('is not done while the deny list is away, and then is by a repetition', async () => {
    const { id } = (await make()).body;
    const set = auth.app.get(ExpiringSet, { strict: false });
    const away = jest.spyOn(set, 'addAll').mockRejectedValue(new StoreUnavailable());
    expect((await revoke(id)).status).toBe(503);
    away.mockRestore();
    expect((await revoke(id)).status).toBe(204);
    expect(await denied()).toContain(`key:${id}`);
  });

  it('reaches the deny list by itself when nobody asks again', async () => {
    const { id } = (await make()).body;
    const set = auth.app.get(ExpiringSet, { strict: false });
    const away = jest.spyOn(set, 'addAll').mockRejectedValue(new StoreUnavailable());
    await revoke(id);
    away.mockRestore();
    await eventually(async () => expect(await denied()).toContain(`key:${id}`));
  });
});

describe('regenerating', () => {
  it('shows a new key once and refuses the old one at once', async () => {
    const old = (await make({ requestsPerMinute: 60 })).body;
    const answer = await regenerate(old.id);
    expect([answer.status, answer.headers['cache-control']]).toEqual([201, 'no-store']);
    expect(answer.body).toMatchObject({ replaces: old.id, requestsPerMinute: 60, ...body });
    expect(answer.body.key).not.toBe(old.key);
    expect(await denied()).toContain(`key:${old.id}`);
    expect(await denied()).not.toContain(`key:${answer.body.id}`);
    expect((await show(old.id)).body).toMatchObject({ status: 'revoked', replacedBy: answer.body.id });
  });

  it('leaves the old one for the overlap', async () => {
    const old = (await make()).body;
    const before = Date.now();
    const { body: next } = await regenerate(old.id, { overlapSeconds: 3_600 });
    const after = (await show(old.id)).body;
    expect(after).toMatchObject({ status: 'active', replacedBy: next.id });
    expect(Math.abs(Date.parse(String(after.expiresAt)) - before - 3_600_000)).toBeLessThan(60_000);
    expect(await denied()).not.toContain(`key:${old.id}`);
    expect((await factsOf(old.id)).at(-1)).toMatchObject({ revision: 2, expiresAt: after.expiresAt });
  });

  it('has one winner among many at once', async () => {
    const old = (await make()).body;
    const answers = await Promise.all(Array.from({ length: 10 }, () => regenerate(old.id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      201,
      ...Array.from({ length: 9 }, () => 409),
    ]);
    const winner = answers.find(({ status }) => status === 201);
    expect((await show(old.id)).body.replacedBy).toBe(winner?.body.id);
  });

  it('gives a retry the same text', async () => {
    const old = (await make()).body;
    const headers = { 'idempotency-key': 'again' };
    const [first, again] = [await regenerate(old.id, {}, headers), await regenerate(old.id, {}, headers)];
    expect(again.body).toEqual(first.body);
  });

  it('does not lose the new text because the deny list is away', async () => {
    const old = (await make()).body;
    const set = auth.app.get(ExpiringSet, { strict: false });
    const away = jest.spyOn(set, 'addAll').mockRejectedValue(new StoreUnavailable());
    const answer = await regenerate(old.id);
    away.mockRestore();
    expect(answer.status).toBe(201);
    await eventually(async () => expect(await denied()).toContain(`key:${old.id}`));
  });

  it('refuses what is revoked, and an overlap beyond a week', async () => {
    const { id } = (await make()).body;
    for (const overlapSeconds of [-1, 604_801, 1.5, '60'])
      expect((await regenerate(id, { overlapSeconds })).status).toBe(400);
    await revoke(id);
    const answer = await regenerate(id);
    expect([answer.status, answer.body.code]).toEqual([409, 'api_key_not_live']);
  });
});

describe('the uses of a key', () => {
  const used = (tenantId: string, uses: unknown, id = newId()) => ({
    key: tenantId,
    value: JSON.stringify({
      id,
      type: topics.apiKeyUsed,
      version: 1,
      tenantId,
      occurredAt: new Date().toISOString(),
      requestId: 'r-1',
      payload: { uses },
    }),
  });
  const tenantOf = async (subdomain: string) =>
    (await admin.query<{ id: string }>('select id from auth.tenant where subdomain = $1', [subdomain]))
      .rows[0]?.id ?? '';
  const usageOf = async (id: string) => (await show(id)).body.usage;

  it('are added up once, however often and in whatever order they are told', async () => {
    const [ours, theirs] = [await tenantOf('estrela'), await tenantOf('rival')];
    const [one, two] = [(await make()).body.id, (await make()).body.id];
    const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
    const messages = [
      used(ours, [{ keyId: one, count: 2, lastUsedAt: at(3) }]),
      used(ours, [
        { keyId: one, count: 5, lastUsedAt: at(1) },
        { keyId: two, count: 1, lastUsedAt: at(2) },
      ]),
      // Another tenant's word about our key, and a word about no key at all, change nothing.
      used(theirs, [{ keyId: one, count: 1_000, lastUsedAt: at(9) }]),
      used(ours, [{ keyId: newId(), count: 1_000, lastUsedAt: at(9) }]),
    ];
    const publisher = auth.app.get(EventPublisher, { strict: false });
    await publisher.publish(topics.apiKeyUsed, [...messages, ...messages.slice(0, 2)]);
    await publisher.publish(topics.apiKeyUsed, messages);
    await publisher.publish(topics.apiKeyUsed, [used(ours, [{ keyId: two, count: 1, lastUsedAt: at(1) }])]);
    await eventually(async () => expect((await usageOf(two)).count).toBe(2));
    expect(await usageOf(one)).toEqual({ count: 7, lastUsedAt: at(3) });
    expect(await usageOf(two)).toEqual({ count: 2, lastUsedAt: at(2) });
  });

  it('go on being counted after nonsense', async () => {
    const ours = await tenantOf('estrela');
    const { id } = (await make()).body;
    const lastUsedAt = new Date(0).toISOString();
    const publisher = auth.app.get(EventPublisher, { strict: false });
    await publisher.publish(topics.apiKeyUsed, [
      used(ours, [{ keyId: id, count: -5, lastUsedAt }]),
      used(ours, 'none'),
      used('no tenant', []),
      used(ours, [{ keyId: id, count: 1, lastUsedAt }], 'no id'),
      used(ours, [{ keyId: id, count: 4, lastUsedAt }]),
    ]);
    await eventually(async () => expect(await usageOf(id)).toEqual({ count: 4, lastUsedAt }), {
      within: 60_000,
    });
  }, 90_000);
});

describe('the audit log', () => {
  it('has who made, regenerated and revoked a key, and no text of it', async () => {
    const { id, key } = (await make()).body;
    const next = (await regenerate(id)).body;
    await revoke(next.id);
    const { rows } = await admin.query<{ action: string; target: string; actor_kind: string; line: string }>(
      'select action, target, actor_kind, e::text as line from auth.audit_entry e where target = any($1) order by seq',
      [[id, next.id]],
    );
    expect(rows.map(({ action, target, actor_kind }) => [action, target, actor_kind])).toEqual([
      ['key.created', id, 'person'],
      ['key.regenerated', id, 'person'],
      ['key.revoked', next.id, 'person'],
    ]);
    expect(rows.some(({ line }) => line.includes(key) || line.includes(next.key))).toBe(false);
  });
});
