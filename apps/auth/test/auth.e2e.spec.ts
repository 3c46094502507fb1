import { scopesOf } from '../src/domain/role';
import { AuthUnderTest, PASSWORD, Tokens } from './auth-under-test';

let auth: AuthUnderTest;

beforeAll(async () => {
  auth = await AuthUnderTest.start();
});
afterAll(() => auth?.stop());

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

describe('registering', () => {
  it('makes a user and the tenant that the user owns', async () => {
    const { status, body } = await auth.register('estrela', { email: ' Dona@Estrela.Example ' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      user: { email: 'dona@estrela.example', name: 'Dona da Padaria' },
      tenant: {
        name: 'Padaria Estrela Ltda',
        subdomain: 'estrela',
        timeZone: 'America/Sao_Paulo',
        status: 'active',
      },
    });
    expect(JSON.stringify(body)).not.toMatch(/password|argon2/i);
  });

  it('refuses an e-mail that is taken in any spelling, and leaves no tenant behind', async () => {
    const { status, body } = await auth.register('outra', { email: 'DONA@estrela.example' });
    expect({ status, code: body['code'] }).toEqual({ status: 409, code: 'email_taken' });
    expect((await auth.register('outra')).status).toBe(201);
  });

  it('refuses a subdomain that is taken, and leaves no user behind', async () => {
    const person = { email: 'socia@padaria.example' };
    const { status, body } = await auth.register('Estrela', person);
    expect({ status, code: body['code'] }).toEqual({ status: 409, code: 'subdomain_taken' });
    expect((await auth.register('sociedade', person)).status).toBe(201);
  });

  it.each([
    ['weak_password', { password: 'password123' }],
    ['weak_password', { password: 'curta' }],
    ['weak_password', { password: 'x'.repeat(129) }],
    ['weak_password', { password: 'dona@nova.example' }],
    ['malformed_email', { email: 'dona@nova' }],
    ['reserved_subdomain', { tenant: { name: 'X', subdomain: 'api' } }],
    ['invalid_subdomain', { tenant: { name: 'X', subdomain: 'não' } }],
  ])('refuses with %s', async (code, changes) => {
    const { status, body } = await auth.register('nova', changes);
    expect({ status, code: body['code'] }).toEqual({ status: 422, code });
  });

  it.each([
    [{ email: 1 }],
    [{ password: undefined }],
    [{ password: ['a'] }],
    [{ tenant: undefined }],
    [{ tenant: 'estrela' }],
    [{ role: 'admin' }],
    [{ tenant: { name: 'X', subdomain: 'x-y-z', id: '1' } }],
  ])('refuses the form of %j with 400', async (changes) => {
    expect((await auth.register('nova', changes)).status).toBe(400);
  });

  it('lets one of many win who want the same subdomain at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        auth.register('disputada', { email: `pessoa${i}@disputada.example` }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
  });
});

describe('signing in', () => {
  beforeAll(() => auth.register('padaria'));

  it('answers with the tokens of the contract', async () => {
    const answer = await auth.call<{ tokens: Tokens }>('/api/v1/auth/login', {
      body: { email: 'dona@padaria.example', password: PASSWORD },
    });
    const { tokens } = answer.body;
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(tokens).toMatchObject({ tokenType: 'Bearer', expiresIn: 900 });
    const claims = claimsOf(tokens.accessToken);
    expect(Object.keys(claims).sort()).toEqual(
      [
        'amr',
        'aud',
        'auth_time',
        'email',
        'exp',
        'iat',
        'iss',
        'jti',
        'role',
        'scope',
        'sid',
        'sub',
        'tenant_id',
        'type',
        'userId',
      ].sort(),
    );
    expect(claims).toMatchObject({
      iss: 'moneyflow-api',
      aud: 'moneyflow-client',
      type: 'access',
      role: 'owner',
      scope: scopesOf('owner').join(' '),
      email: 'dona@padaria.example',
    });
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(900);
    const header = JSON.parse(Buffer.from(tokens.accessToken.split('.')[0] ?? '', 'base64url').toString());
    const jwks = await auth.call<{ keys: { kid: string }[] }>('/.well-known/jwks.json');
    expect(header).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: jwks.body.keys[0]?.kid });
    expect(jwks.body.keys).toEqual([
      { kty: 'RSA', use: 'sig', alg: 'RS256', kid: expect.any(String), n: expect.any(String), e: 'AQAB' },
    ]);
  });

  it('takes username for email', async () => {
    const body = { username: 'Dona@Padaria.example', password: PASSWORD };
    expect((await auth.call('/api/v1/auth/login', { body })).status).toBe(200);
  });

  it('answers an unknown account and a wrong password alike', async () => {
    const wrong = await auth.call('/api/v1/auth/login', {
      body: { email: 'dona@padaria.example', password: 'errada mas comprida' },
    });
    const unknown = await auth.call('/api/v1/auth/login', {
      body: { email: 'ninguem@padaria.example', password: PASSWORD },
    });
    expect(wrong.status).toBe(401);
    const blank = { requestId: '' };
    expect({ ...unknown.body, ...blank }).toEqual({ ...wrong.body, ...blank });
    expect(wrong.body['code']).toBe('invalid_credentials');
  });

  it('needs an e-mail or a username', async () => {
    expect((await auth.call('/api/v1/auth/login', { body: { password: PASSWORD } })).status).toBe(400);
  });

  it('describes the caller, under both names of the route', async () => {
    const { accessToken } = await auth.login('padaria');
    const me = await auth.me(accessToken);
    expect(me.body).toMatchObject({
      user: { email: 'dona@padaria.example' },
      tenant: { subdomain: 'padaria' },
      role: 'owner',
      scopes: expect.arrayContaining(['releases:read', 'releases:write', 'keys:write', 'members:write']),
      mfa: { enabled: false, methods: [] },
    });
    expect((await auth.call('/api/users/me', { token: accessToken })).body).toEqual(me.body);
  });
});
