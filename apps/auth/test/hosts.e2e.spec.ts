import { Client } from 'pg';
import { eventually } from '@libs/testing';
import { AuthUnderTest, PASSWORD } from './auth-under-test';
import { enrol } from './authenticator';

const ALLOWED = 'access-control-allow-origin';

describe('auth on hosts of tenants', () => {
  let auth: AuthUnderTest;
  let padaria: string;

  beforeAll(async () => {
    auth = await AuthUnderTest.start({ PUBLIC_DOMAIN: 'moneyflow.example', NEUTRAL_HOSTS: 'auth.internal' });
    for (const subdomain of ['padaria', 'farmacia'])
      expect((await auth.register(subdomain)).status).toBe(201);
    // the same person in a second company
    const { body } = await auth.me((await auth.login('farmacia')).accessToken);
    const { tenant } = body as { tenant: { id: string } };
    const admin = new Client({ connectionString: auth.database.adminUrl });
    await admin.connect();
    await admin.query(
      `insert into auth.membership (tenant_id, user_id, role, created_at)
       select $1, id, 'viewer', now() from auth.user where email = 'dona@padaria.example'`,
      [tenant.id],
    );
    await admin.query(
      `update auth.tenant set origins = '{https://app.padaria.example}' where subdomain = 'padaria'`,
    );
    await admin.query(
      `update auth.tenant set domains = '{pague.padaria.example}' where subdomain = 'padaria'`,
    );
    await admin.end();
    await eventually(async () => expect((await signIn('pague.padaria.example')).status).toBe(200));
    padaria = (await auth.login('padaria', { tenant: 'padaria' })).accessToken;
  });
  afterAll(() => auth?.stop());

  const signIn = (host: string, tenant?: string) =>
    auth.call<{ tokens: { accessToken: string; refreshToken: string }; code: string }>('/api/v1/auth/login', {
      body: { email: 'dona@padaria.example', password: PASSWORD, ...(tenant ? { tenant } : {}) },
      headers: { host },
    });
  const tenantOf = async (token: string, host = 'api.moneyflow.example') =>
    (
      await auth.call<{ tenant?: { subdomain: string }; code?: string }>('/api/v1/auth/me', {
        token,
        headers: { host },
      })
    ).body;

  it('signs in to the tenant whose host it is, without being told', async () => {
    expect((await signIn('api.moneyflow.example')).body.code).toBe('tenant_required');
    for (const [host, subdomain] of [
      ['padaria.moneyflow.example', 'padaria'],
      ['FARMACIA.moneyflow.example.:443', 'farmacia'],
      ['pague.padaria.example', 'padaria'],
    ] as const) {
      const { tokens } = (await signIn(host)).body;
      expect((await tenantOf(tokens.accessToken)).tenant?.subdomain).toBe(subdomain);
      expect((await tenantOf(tokens.accessToken, host)).tenant?.subdomain).toBe(subdomain);
    }
    expect((await signIn('padaria.moneyflow.example', ' Padaria ')).status).toBe(200);
  });

  it('refuses a tenant that contradicts the host, and a host that is nobody’s', async () => {
    for (const [host, tenant] of [
      ['padaria.moneyflow.example', 'farmacia'],
      ['farmacia.moneyflow.example', 'padaria'],
      ['nobody.moneyflow.example', 'padaria'],
      ['padaria.localhost', undefined],
      ['evil.example', 'padaria'],
    ] as const)
      expect([host, (await signIn(host, tenant)).body.code]).toEqual([host, 'wrong_host']);
  });

  it('takes no refresh token on another tenant’s host, and does not spend it there', async () => {
    const { refreshToken } = (await signIn('padaria.moneyflow.example')).body.tokens;
    const refresh = (host: string) =>
      auth.call<{ code: string }>('/api/v1/auth/refresh', { body: { refreshToken }, headers: { host } });
    expect((await refresh('farmacia.moneyflow.example')).body.code).toBe('invalid_refresh_token');
    expect((await refresh('evil.example')).body.code).toBe('wrong_host');
    expect((await refresh('padaria.moneyflow.example')).status).toBe(200);
  });

  it('takes the answer to a challenge of one tenant on no other’s host, and costs no try there', async () => {
    const person = { email: 'dona@sapataria.example', password: PASSWORD };
    await auth.register('sapataria');
    const { accessToken } = await auth.login('sapataria');
    const { recoveryCodes } = await enrol(auth, accessToken);
    const post = (path: string, body: object, host: string, token?: string) =>
      auth.call<{ challengeId: string; code: string; tokens?: object }>(`/api/v1/auth/${path}`, {
        body,
        token,
        headers: { host },
      });
    const neutral = 'api.moneyflow.example';
    const named = { ...person, tenant: 'Sapataria' };
    const challenges = [
      (await post('login', person, neutral)).body.challengeId,
      (await post('login', named, neutral)).body.challengeId,
      (await post('step-up', { password: PASSWORD }, neutral, accessToken)).body.challengeId,
    ];
    await eventually(async () =>
      expect((await post('login', person, 'sapataria.moneyflow.example')).status).toBe(200),
    );
    for (const [at, challengeId] of challenges.entries()) {
      const answer = { challengeId, code: recoveryCodes[at] };
      for (let times = 0; times < 6; times += 1)
        for (const host of ['padaria.moneyflow.example', 'pague.padaria.example'])
          expect((await post('mfa', answer, host)).body.code).toBe('challenge_ended');
      expect((await post('mfa', answer, 'ninguem.moneyflow.example')).body.code).toBe('wrong_host');
      const { status, body } = await post('mfa', answer, 'sapataria.moneyflow.example');
      expect([status, body.tokens !== undefined]).toEqual([200, true]);
    }
  });

  it('holds a token against the host', async () => {
    for (const host of [
      'moneyflow.example',
      'auth.internal:3001',
      '10.0.0.7',
      'padaria.moneyflow.example',
      'pague.padaria.example',
    ])
      expect((await tenantOf(padaria, host)).tenant?.subdomain).toBe('padaria');
    for (const host of ['farmacia.moneyflow.example', 'evil.example', 'padaria.localhost', 'internal'])
      expect((await tenantOf(padaria, host)).code).toBe('wrong_host');
  });

  it('answers a tenant’s own pages: at sign-in, when a token is refused, and about that tenant only', async () => {
    const from = async (origin: string, token?: string) => {
      const answer = await auth.call('/api/v1/auth/me', { token, headers: { origin } });
      return answer.headers[ALLOWED];
    };
    const origin = 'https://app.padaria.example';
    const farmacia = (await auth.login('farmacia')).accessToken;
    expect(await from(origin, padaria)).toBe(origin);
    expect(await from(origin, farmacia)).toBeUndefined();
    expect(await from(origin)).toBe(origin);
    expect(await from(origin, 'expired')).toBe(origin);
    for (const evil of [
      'https://evil.example',
      'http://app.padaria.example',
      'https://app.padaria.example:444',
      'null',
    ])
      for (const token of [padaria, undefined]) expect(await from(evil, token)).toBeUndefined();
    const preflight = await auth.app.inject({
      method: 'OPTIONS',
      url: '/api/v1/auth/login',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect([preflight.statusCode, preflight.headers[ALLOWED]]).toEqual([204, origin]);
    expect(preflight.headers['access-control-allow-credentials']).toBeUndefined();
  });
});
