import { Client } from 'pg';
import { AuthUnderTest, Tokens } from './auth-under-test';

let auth: AuthUnderTest;
let admin: Client;

beforeAll(async () => {
  auth = await AuthUnderTest.start();
  admin = new Client({ connectionString: auth.database.adminUrl });
  await admin.connect();
  await auth.register('estrela');
});
afterAll(async () => {
  await admin?.end();
  await auth?.stop();
});

describe('a person of several tenants', () => {
  beforeAll(async () => {
    await auth.register('matriz');
    await auth.register('filial', { email: 'gerente@filial.example' });
    await admin.query(
      `insert into auth.membership select t.id, u.id, 'viewer', now() from auth.tenant t, auth.user u
       where t.subdomain = 'filial' and u.email = 'dona@matriz.example'`,
    );
  });
  const login = (changes: object) =>
    auth.call<{ code: string; tokens: Tokens }>('/api/v1/auth/login', {
      body: { email: 'dona@matriz.example', password: 'correto cavalo bateria grampo', ...changes },
    });

  it('must say which, and is told none', async () => {
    const { status, body } = await login({});
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'tenant_required' });
    expect(JSON.stringify(body)).not.toMatch(/matriz|filial/);
  });

  it.each([
    ['matriz', 'owner'],
    ['filial', 'viewer'],
  ])('signs in to %s as %s', async (tenant, role) => {
    const { body } = await login({ tenant });
    expect((await auth.me(body.tokens.accessToken)).body).toMatchObject({
      tenant: { subdomain: tenant },
      role,
    });
  });

  it('learns nothing about tenants of others', async () => {
    const foreign = await login({ tenant: 'estrela' });
    const missing = await login({ tenant: 'inexistente' });
    expect(foreign).toMatchObject({ status: 403, body: { code: 'not_a_member' } });
    expect({ ...missing.body, requestId: '' }).toEqual({ ...foreign.body, requestId: '' });
  });

  it('is signed out of all of them by logout-all', async () => {
    const [here, there] = [
      (await login({ tenant: 'matriz' })).body,
      (await login({ tenant: 'filial' })).body,
    ];
    await auth.call('/api/v1/auth/logout-all', { method: 'POST', token: here.tokens.accessToken });
    expect((await auth.refresh(there.tokens.refreshToken)).status).toBe(401);
    expect((await auth.me(there.tokens.accessToken)).status).toBe(401);
  });

  it('cannot enter or stay in a suspended tenant', async () => {
    const { tokens } = (await login({ tenant: 'filial' })).body;
    await admin.query(`update auth.tenant set status = 'suspended' where subdomain = 'filial'`);
    expect((await login({ tenant: 'filial' })).body.code).toBe('tenant_suspended');
    expect((await auth.refresh(tokens.refreshToken)).body.code).toBe('tenant_suspended');
  });
});
