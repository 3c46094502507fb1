import { Client } from 'pg';
import { AuthUnderTest } from './auth-under-test';

let auth: AuthUnderTest;
let admin: Client;
beforeAll(async () => {
  auth = await AuthUnderTest.start();
  admin = new Client({ connectionString: auth.database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await auth?.stop();
});

describe('keys that were revoked', () => {
  // Anybody may register a company, and every process of every service copies the list of what is denied.
  it('leave room for a thousand a week, so that nobody fills the deny list of all', async () => {
    await auth.register('enchente');
    const token = (await auth.login('enchente')).accessToken;
    const call = (path: string, body: object) =>
      auth.call<{ id: string; code?: string }>(`/api/v1/keys${path}`, { token, body });
    const make = () => call('', { name: 'descartável', scopes: ['releases:read'] });
    const first = (await make()).body.id;
    await admin.query(
      `with many as (
         insert into auth.api_key (tenant_id, id, app_id, name, prefix, hmac, pepper_version, scopes, created_at, created_by,
           revoked_at, revision)
         select k.tenant_id, gen_random_uuid(), app_id, k.name, prefix, md5(i::text) || md5(i::text), 1, scopes,
           now() - interval '9 days', created_by, case when i > 999 then now() - interval '8 days' else now() end, 2
         from auth.api_key k, generate_series(1, 1500) i where k.id = $1 returning tenant_id, id)
       insert into auth.api_key_use (tenant_id, key_id) select tenant_id, id from many`,
      [first],
    );
    const thousandth = await call(`/${first}/regenerate`, {});
    expect([thousandth.status, thousandth.body.code]).toEqual([409, 'too_many_api_keys']);
    expect((await make()).status).toBe(201);
    // ending one is never refused
    const revoked = await auth.call(`/api/v1/keys/${first}`, { method: 'DELETE', token });
    expect(revoked.status).toBe(204);
    const refused = await make();
    expect([refused.status, refused.body.code]).toEqual([409, 'too_many_api_keys']);
  });
});
