import { Controller, Get } from '@nestjs/common';
import { requestContext } from '@libs/kernel';
import { guardedApp, GuardedApp } from '../test/guarded-app';
import { Authorize, Public } from './authorize';
import { denied } from './deny-list';
import { DenyListSnapshot } from './deny-list-snapshot';
import { CurrentPrincipal, Principal } from './principal';

@Controller()
class Routes {
  @Get('open') @Public() open() {
    return { open: true };
  }
  @Get('me') @Authorize({ scopes: [] }) me(@CurrentPrincipal() principal: Principal) {
    return { ...principal, tenant: requestContext.tenantId(), user: requestContext.current()?.userId };
  }
  @Get('read') @Authorize({ scopes: ['releases:read'] }) read() {
    return {};
  }
  @Get('write') @Authorize({ scopes: ['releases:write'] }) write() {
    return {};
  }
  @Get('money') @Authorize({ scopes: [], money: true }) money() {
    return {};
  }
  @Get('undeclared') undeclared() {
    return {};
  }
}

let house: GuardedApp;
const token = (changes?: Record<string, unknown>): string => house.token(changes);
const get = (path: string, authorization?: string) => house.get(path, authorization ? { authorization } : {});
const refresh = (): Promise<void> => house.app.get(DenyListSnapshot, { strict: false }).refresh();

beforeAll(async () => {
  house = await guardedApp(Routes);
});
afterAll(() => house.app.close());

describe('AccessGuard', () => {
  it('leaves a public route open, with or without a token', async () => {
    expect((await get('/open')).status).toBe(200);
    expect((await get('/open', 'Bearer nonsense')).status).toBe(200);
  });

  it('closes a route that declares nothing, even to the owner', async () => {
    const { status, body } = await get('/undeclared', `Bearer ${token()}`);
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'access_not_declared' });
  });

  it.each([undefined, '', 'Bearer', 'Basic abc', 'Bearer a b', 'Token x'])(
    'asks for a token when given %s',
    async (header) => {
      const { status, body, challenge } = await get('/me', header);
      expect({ status, code: body.code, challenge }).toEqual({
        status: 401,
        code: 'not_authenticated',
        challenge: 'Bearer',
      });
    },
  );

  it('gives the principal to the handler and the tenant to the context', async () => {
    const { status, body } = await get('/me', `bearer ${token()}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      tenantId: '019a2b3c-0000-7000-8000-000000000002',
      tenant: '019a2b3c-0000-7000-8000-000000000002',
      user: '019a2b3c-0000-7000-8000-000000000001',
    });
  });

  it('answers the same for a token seen before', async () => {
    const authorization = `Bearer ${token()}`;
    const first = await get('/me', authorization);
    expect(await get('/me', authorization)).toEqual(first);
  });

  it('tells expired from invalid', async () => {
    const iat = Math.floor(Date.now() / 1000) - 9_000;
    const old = token({ iat, exp: iat + 900 });
    expect((await get('/me', `Bearer ${old}`)).body.code).toBe('expired_token');
    expect(await get('/me', 'Bearer a.b.c')).toMatchObject({
      status: 401,
      body: { code: 'invalid_token' },
      challenge: 'Bearer error="invalid_token"',
    });
  });

  it('asks for every scope of the route', async () => {
    const reader = `Bearer ${token({ role: 'viewer', scope: 'releases:read' })}`;
    expect((await get('/read', reader)).status).toBe(200);
    expect(await get('/write', reader)).toMatchObject({
      status: 403,
      body: { code: 'insufficient_scope' },
      challenge: 'Bearer error="insufficient_scope"',
    });
  });

  it.each(['session', 'token'] as const)('refuses a denied %s, also one seen before', async (kind) => {
    const jti = kind === 'token' ? '019a2b3c-0000-7000-8000-00000000000a' : undefined;
    const sid = '019a2b3c-0000-7000-8000-00000000000b';
    const authorization = `Bearer ${token(jti ? { jti } : { sid })}`;
    expect((await get('/me', authorization)).status).toBe(200);
    house.denials.members.add(denied[kind](jti ?? sid));
    await refresh();
    expect(await get('/me', authorization)).toMatchObject({ status: 401, body: { code: 'revoked_token' } });
  });

  // The clock may also be set back: then nobody knows how old the list is.
  it.each([2_600, -60_000])(
    'keeps reads open and money closed while the deny list is stale (%d ms)',
    async (jump) => {
      const authorization = `Bearer ${token({ iat: Math.floor(Date.now() / 1000) - 120 })}`;
      expect((await get('/money', authorization)).status).toBe(200);
      house.denials.away = true;
      const now = Date.now();
      const clock = jest.spyOn(Date.prototype, 'getTime').mockReturnValue(now + jump);
      try {
        expect((await get('/read', authorization)).status).toBe(200);
        expect(await get('/money', authorization)).toMatchObject({
          status: 503,
          body: { code: 'revocation_unknown' },
        });
      } finally {
        clock.mockRestore();
        house.denials.away = false;
      }
      await refresh();
      expect((await get('/money', authorization)).status).toBe(200);
    },
  );
});
