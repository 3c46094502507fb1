import { Controller, Get } from '@nestjs/common';
import { ApiKeyUsedV1, parseEnvelope } from '@libs/contracts';
import { newId, requestContext, TenantId } from '@libs/kernel';
import { guardedApp, GuardedApp } from '../../test/guarded-app';
import { mutatedKeys } from '../../test/key-attacks';
import { Authorize, Public } from '../authorize';
import { denied } from '../deny-list';
import { DenyListSnapshot } from '../deny-list-snapshot';
import { CurrentPerson, CurrentPrincipal, Person, Principal } from '../principal';
import { mintApiKey } from './api-key-text';
import { ApiKeyUsage } from './api-key-usage';

@Controller()
class Routes {
  @Get('open') @Public() open() {
    return { open: true };
  }
  @Get('people') @Authorize({ scopes: [] }) people(@CurrentPerson() person: Person) {
    return person;
  }
  @Get('read') @Authorize({ scopes: ['releases:read'], keys: true }) read(@CurrentPrincipal() by: Principal) {
    return { ...by, tenant: requestContext.tenantId(), user: requestContext.current()?.userId };
  }
  @Get('write') @Authorize({ scopes: ['releases:write'], keys: true }) write() {
    return {};
  }
  @Get('money') @Authorize({ scopes: ['releases:read'], keys: true, money: true }) money() {
    return {};
  }
}

let house: GuardedApp;
const byKey = (key: string): Record<string, string> => ({ 'x-api-key': key });
const asBearer = (text: string): Record<string, string> => ({ authorization: `Bearer ${text}` });
const deny = async (member: string): Promise<void> => {
  house.denials.members.add(member);
  await house.app.get(DenyListSnapshot, { strict: false }).refresh();
};

beforeAll(async () => {
  house = await guardedApp(Routes);
});
afterAll(() => house.app.close());

describe('a route for API keys', () => {
  it.each([
    ['X-API-Key', byKey],
    ['Bearer', asBearer],
  ])('takes a key as %s and knows its tenant', async (_name, headers) => {
    const [keyId, tenantId] = [newId(), newId<TenantId>()];
    const { status, body } = await house.get('/read', headers(house.ring.add({ keyId, tenantId })));
    expect(status).toBe(200);
    expect(body).toMatchObject({ kind: 'key', keyId, tenantId, tenant: tenantId, user: keyId });
    expect(body).not.toHaveProperty('hmac');
  });

  it('takes a token as before, in its own header only', async () => {
    expect((await house.get('/read', asBearer(house.token()))).status).toBe(200);
    expect((await house.get('/read', byKey(house.token()))).code).toBe('invalid_api_key');
  });

  it('asks for every scope', async () => {
    const headers = byKey(house.ring.add({ scopes: ['releases:read'] }));
    expect((await house.get('/read', headers)).status).toBe(200);
    expect(await house.get('/write', headers)).toMatchObject({
      status: 403,
      code: 'insufficient_scope',
      challenge: 'Bearer error="insufficient_scope"',
    });
  });

  it('tells unknown, expired and revoked apart', async () => {
    const at = new Date();
    const answers = await Promise.all(
      [mintApiKey().text, house.ring.add({ expiresAt: at }), house.ring.add({ revokedAt: at })].map((key) =>
        house.get('/read', byKey(key)),
      ),
    );
    expect(answers.map(({ status, code }) => [status, code])).toEqual([
      [401, 'invalid_api_key'],
      [401, 'expired_api_key'],
      [401, 'revoked_api_key'],
    ]);
  });

  it.each([
    ['a token', (): Record<string, string> => asBearer(house.token())],
    ['itself', (key: string): Record<string, string> => asBearer(key)],
    ['another scheme', (): Record<string, string> => ({ authorization: 'Basic YTpi' })],
    ['an empty header', (): Record<string, string> => ({ authorization: '' })],
  ])('refuses a key that comes beside %s', async (_name, second) => {
    const key = house.ring.add();
    expect(await house.get('/read', { ...byKey(key), ...second(key) })).toMatchObject({
      status: 400,
      code: 'ambiguous_credentials',
      challenge: 'Bearer error="invalid_request"',
    });
  });

  it('refuses two keys in one header', async () => {
    const [one, other] = [house.ring.add(), house.ring.add()];
    for (const both of [`${one}, ${other}`, `${one},${one}`, `${one} ${other}`])
      expect((await house.get('/read', byKey(both))).code).toBe('invalid_api_key');
  });

  it.each(['key', 'tenant'] as const)('refuses a denied %s at once', async (kind) => {
    const [keyId, tenantId] = [newId(), newId<TenantId>()];
    const key = house.ring.add({ keyId, tenantId });
    expect((await house.get('/read', byKey(key))).status).toBe(200);
    const asked = house.ring.lookUps;
    await deny(denied[kind](kind === 'key' ? keyId : tenantId));
    expect(await house.get('/read', byKey(key))).toMatchObject({ status: 401, code: 'revoked_api_key' });
    expect(house.ring.lookUps).toBe(asked);
  });

  it('moves no money while nobody knows what was revoked', async () => {
    const headers = byKey(house.ring.add());
    expect((await house.get('/money', headers)).status).toBe(200);
    house.denials.away = true;
    const now = Date.now();
    const clock = jest.spyOn(Date.prototype, 'getTime').mockReturnValue(now + 2_600);
    try {
      expect((await house.get('/read', headers)).status).toBe(200);
      expect(await house.get('/money', headers)).toMatchObject({ status: 503, code: 'revocation_unknown' });
    } finally {
      clock.mockRestore();
      house.denials.away = false;
    }
    await house.app.get(DenyListSnapshot, { strict: false }).refresh();
  });

  it('accepts none of thousands of mutations of a key in use, and looks none up', async () => {
    const key = house.ring.add();
    await house.get('/read', byKey(key));
    const asked = house.ring.lookUps;
    // What a header cannot carry, or loses on its way, never arrives as it was sent.
    const attacks = mutatedKeys(key).filter((text) => /^[!-~]+$/.test(text));
    const codes = new Map<string, number>();
    for (const text of attacks)
      for (const headers of [byKey(text), asBearer(text)]) {
        const { status, code } = await house.get('/read', headers);
        const outcome = `${status} ${code}`;
        codes.set(outcome, (codes.get(outcome) ?? 0) + 1);
      }
    expect(attacks.length).toBeGreaterThan(3_000);
    // Without its prefix it is taken for a token, and refused as one.
    expect([...codes.keys()].sort()).toEqual(['401 invalid_api_key', '401 invalid_token']);
    expect(house.ring.lookUps).toBe(asked);
  });

  it('counts what it lets in, and only that', async () => {
    await house.app.get(ApiKeyUsage, { strict: false }).flush();
    house.uses.sent.length = 0;
    const keyId = newId();
    const key = house.ring.add({ keyId, scopes: ['releases:read'] });
    for (let turn = 0; turn < 3; turn += 1) await house.get('/read', byKey(key));
    for (const path of ['/write', '/people', '/open']) await house.get(path, byKey(key));
    await house.app.get(ApiKeyUsage, { strict: false }).flush();
    const told = house.uses.sent.map(({ message }) => parseEnvelope<ApiKeyUsedV1>(message.value).payload);
    expect(told).toEqual([{ uses: [{ keyId, count: 3, lastUsedAt: expect.any(String) }] }]);
  });
});

describe('an application that leaves', () => {
  it('tells its last uses before the log closes', async () => {
    const leaving = await guardedApp(Routes);
    await leaving.get('/read', byKey(leaving.ring.add()));
    expect(leaving.uses.sent).toEqual([]);
    await leaving.app.close();
    expect(leaving.uses.sent).toHaveLength(1);
  });
});

describe('other routes', () => {
  it('are closed to keys, which costs no look-up', async () => {
    const key = house.ring.add();
    const asked = house.ring.lookUps;
    for (const headers of [byKey(key), asBearer(key), byKey(mintApiKey().text)])
      expect(await house.get('/people', headers)).toMatchObject({ status: 403, code: 'person_required' });
    expect((await house.get('/people', byKey('mf_live_x'))).code).toBe('invalid_api_key');
    expect(house.ring.lookUps).toBe(asked);
  });

  it('stay open to all where they are public, whatever comes along', async () => {
    for (const headers of [byKey('nonsense'), { ...byKey(house.ring.add()), ...asBearer('x') }])
      expect((await house.get('/open', headers)).status).toBe(200);
  });
});

describe('an application that takes no keys', () => {
  it('boots without a directory and admits people only', async () => {
    const plain = await guardedApp(Routes, { keys: false });
    expect((await plain.get('/read', asBearer(plain.token()))).status).toBe(200);
    expect((await plain.get('/read', byKey(mintApiKey().text))).code).toBe('person_required');
    await plain.app.close();
  });
});

describe('@Authorize', () => {
  it.each([
    ['scopes that only people have', { scopes: ['keys:write' as const], keys: true }],
    ['no scope', { scopes: [], keys: true }],
    ['a fresh proof of identity', { scopes: ['releases:read' as const], keys: true, stepUp: true }],
  ])('lets no key in with %s', (_name, grant) => {
    expect(() => Authorize(grant)).toThrow();
  });
});
