import { apiKeyChangedV1Example, topics } from '@libs/contracts';
import { newId, TenantId, UserId } from '@libs/kernel';
import { ApiKey, KeyMaterial } from './api-key';
import { apiKeyUse } from './api-key-use';
import { scopesOf } from './role';

const now = new Date('2026-11-22T12:00:00.000Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const by = { userId: newId<UserId>(), scopes: scopesOf('owner') };
const material = (hex: string): KeyMaterial => ({
  prefix: 'mf_live_abc123',
  hmac: hex.repeat(64),
  pepperVersion: 1,
});

function aKey(changes: Partial<Parameters<typeof ApiKey.create>[0]> = {}): ApiKey {
  return ApiKey.create({
    tenantId: newId<TenantId>(),
    appId: newId(),
    name: 'Loja',
    scopes: ['releases:read'],
    material: material('a'),
    by,
    now,
    ...changes,
  });
}

describe('an API key', () => {
  it('says in its fact all that its contract asks, and nothing of its text but the HMAC', () => {
    const key = aKey({ requestsPerMinute: 60, expiresAt: later(60) }).revoked(later(30));
    const fact = key.changed(now);
    expect(fact.type).toBe(topics.apiKeyChanged);
    expect(Object.keys(fact.payload).sort()).toEqual(Object.keys(apiKeyChangedV1Example).sort());
    for (const [field, value] of Object.entries(apiKeyChangedV1Example))
      expect(typeof (fact.payload as Record<string, unknown>)[field]).toBe(typeof value);
    expect(JSON.stringify(fact)).not.toContain('mf_live_');
  });

  it('refuses an end that is not ahead', () => {
    for (const expiresAt of [now, later(-1)])
      expect(() => aKey({ expiresAt })).toThrow(expect.objectContaining({ code: 'expiry_not_ahead' }));
  });

  it('is expired from the moment of its end on', () => {
    const key = aKey({ expiresAt: later(60) });
    expect([key.status(later(59)), key.status(later(60))]).toEqual(['active', 'expired']);
  });

  it('stays revoked as it first was', () => {
    const revoked = aKey().revoked(now);
    expect(revoked.revoked(later(60))).toBe(revoked);
    expect(revoked.snapshot()).toMatchObject({ revokedAt: now, revision: 2 });
  });
});

describe('regenerating', () => {
  const regenerate = (key: ApiKey, changes: object = {}) =>
    key.regenerated({ material: material('b'), overlapSeconds: 0, by, now, ...changes });

  it('makes a key with the same rights and another text, and ends the old one at once', () => {
    const old = aKey({ requestsPerMinute: 60, expiresAt: later(600) });
    const { predecessor, successor } = regenerate(old);
    const { appId, scopes, requestsPerMinute, expiresAt, name, tenantId } = old.snapshot();
    expect(successor.snapshot()).toMatchObject({
      ...{ appId, scopes, requestsPerMinute, expiresAt, name, tenantId },
      ...{ replaces: old.id, hmac: 'b'.repeat(64), revision: 1 },
    });
    expect(successor.id).not.toBe(old.id);
    expect(predecessor.snapshot()).toMatchObject({ revokedAt: now, replacedBy: successor.id, revision: 2 });
  });

  it('lets the old one go on for the overlap, and never longer than it would have', () => {
    const { predecessor } = regenerate(aKey(), { overlapSeconds: 60 });
    expect([predecessor.status(later(59)), predecessor.status(later(60))]).toEqual(['active', 'expired']);
    const short = aKey({ expiresAt: later(30) });
    expect(regenerate(short, { overlapSeconds: 60 }).predecessor.snapshot().expiresAt).toEqual(later(30));
  });

  it.each([
    ['revoked', aKey().revoked(now)],
    ['expired', aKey({ expiresAt: later(-1), now: later(-2) })],
  ])('is refused for what is %s', (state, key) => {
    expect(key.status(now)).toBe(state);
    expect(() => regenerate(key)).toThrow(expect.objectContaining({ code: 'api_key_not_live' }));
  });

  it('happens once: the successor is the one to regenerate', () => {
    const { predecessor, successor } = regenerate(aKey(), { overlapSeconds: 60 });
    expect(() => regenerate(predecessor)).toThrow(expect.objectContaining({ code: 'api_key_not_live' }));
    expect(regenerate(successor).successor.snapshot().replaces).toBe(successor.id);
  });

  it('gives nobody a text that may do more than they may', () => {
    const viewer = { userId: newId<UserId>(), scopes: scopesOf('viewer') };
    expect(() => regenerate(aKey({ scopes: ['pix.write'] }), { by: viewer })).toThrow(
      expect.objectContaining({ code: 'scope_not_yours' }),
    );
  });
});

describe('what a service says of the use of a key', () => {
  const claim = { keyId: newId(), count: 3, lastUsedAt: now.toISOString() };

  it('is believed, but not about the future', () => {
    expect(apiKeyUse({ ...claim, lastUsedAt: later(3600).toISOString() }, now)).toEqual({
      ...claim,
      lastUsedAt: now,
    });
  });

  it.each([
    [{ keyId: 'x' }],
    [{ count: 0 }],
    [{ count: -1 }],
    [{ count: 1.5 }],
    [{ count: '3' }],
    [{ count: 2 ** 53 }],
    [{ lastUsedAt: 'yesterday' }],
    [{ lastUsedAt: 5 }],
  ])('is refused with %j', (wrong) => {
    expect(() => apiKeyUse({ ...claim, ...wrong }, now)).toThrow(
      expect.objectContaining({ code: 'impossible_key_use' }),
    );
  });
});
