import { Client } from 'pg';
import { auditSchema, defineSchema, migrate } from '@libs/database';
import { newId } from '@libs/kernel';
import { TEST_ROLE_SECRET, TestDatabase, testDatabase } from '@libs/testing';
import { authSchema } from '../../auth.schema';
import { CreateAppsAndApiKeys1795400000060 } from './migrations/1795400000060-create-apps-and-api-keys';

const OURS = '019a2b3c-0000-7000-8000-00000000000a';
const THEIRS = '019a2b3c-0000-7000-8000-00000000000b';
const PERSON = '019a2b3c-0000-7000-8000-000000000001';
const KEY = '019a2b3c-0000-7000-8000-000000000003';
const TABLES = ['app', 'api_key', 'api_key_use', 'inbox'];

let database: TestDatabase;
let admin: Client;
let api: Client;

beforeAll(async () => {
  // As it is for whoever upgrades: the tenants are there before the applications.
  const before = authSchema.migrations.indexOf(CreateAppsAndApiKeys1795400000060);
  const old = defineSchema({ ...authSchema, migrations: authSchema.migrations.slice(0, before) });
  database = await testDatabase([old]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query(
    `insert into auth.user (id, email, name, password_hash, created_at) values ($1, 'a@b.example', 'n', 'h', now())`,
    [PERSON],
  );
  for (const [tenant, subdomain] of [
    [OURS, 'estrela'],
    [THEIRS, 'rival'],
  ])
    await admin.query(
      `insert into auth.tenant (id, name, subdomain, time_zone, status, revision, created_at, default_app_id, night_limit)
       values ($1, 'n', $2, 'UTC', 'active', 1, now(), $3, 0)`,
      [tenant, subdomain, newId()],
    );
  await migrate(database.adminUrl, [authSchema], TEST_ROLE_SECRET);
  for (const tenant of [OURS, THEIRS]) {
    await admin.query(
      `insert into auth.api_key (tenant_id, id, app_id, name, prefix, hmac, pepper_version, scopes, created_at, created_by, revision)
       select id, $2, default_app_id, 'n', 'p', repeat('a', 64), 1, '{releases:read}', now(), $3, 1
       from auth.tenant where id = $1`,
      [tenant, KEY, PERSON],
    );
    await admin.query('insert into auth.api_key_use values ($1, $2, 0, null)', [tenant, KEY]);
    await admin.query(`insert into auth.inbox values ($1, 'auth.key-uses', $2, now())`, [tenant, KEY]);
  }
  api = new Client({ connectionString: database.urlFor('auth_api') });
  await api.connect();
});
afterAll(async () => {
  await api?.end();
  await admin?.end();
  await database?.drop();
});

/** As the API's role, in a transaction with these settings, never committed. */
async function within<T>(settings: Record<string, string>, work: () => Promise<T>): Promise<T> {
  await api.query('begin');
  try {
    for (const [name, value] of Object.entries(settings))
      await api.query('select set_config($1, $2, true)', [name, value]);
    return await work();
  } finally {
    await api.query('rollback');
  }
}
const count = async (sql: string, params: unknown[] = []) => (await api.query(sql, params)).rowCount;

describe('applications and keys behind row-level security', () => {
  it('leave no hole that the audit knows', async () => {
    const findings = await auditSchema(database.adminUrl, 'auth', { globalTables: ['user', 'tenant'] });
    expect(findings.filter((finding) => TABLES.some((table) => finding.startsWith(table)))).toEqual([]);
  });

  it('gave every tenant of before its default application', async () => {
    const { rows } = await admin.query(
      `select t.id, a.name from auth.tenant t left join auth.app a on a.tenant_id = t.id and a.id = t.default_app_id`,
    );
    expect(rows).toHaveLength(2);
    expect(rows.every(({ name }) => name === 'Principal')).toBe(true);
    const { rows: walls } = await admin.query(
      `select relforcerowsecurity as forced from pg_class where oid = 'auth.tenant'::regclass`,
    );
    expect(walls).toEqual([{ forced: true }]);
  });

  it.each(TABLES)(
    'show of %s the tenant of the transaction alone, and without one nothing',
    async (table) => {
      const rows = await within(
        { 'app.tenant_id': OURS, 'app.tenant_ids': `{${OURS}}` },
        async () => (await api.query<{ tenant_id: string }>(`select tenant_id from auth.${table}`)).rows,
      );
      expect(rows).toEqual([{ tenant_id: OURS }]);
      await expect(count(`select 1 from auth.${table}`)).resolves.toBe(0);
    },
  );

  it('let a batch of many tenants count, and do nothing else', async () => {
    const both = { 'app.tenant_id': '', 'app.tenant_ids': `{${OURS},${THEIRS}}` };
    await within(both, async () => {
      expect(await count('update auth.api_key_use set count = count + 1')).toBe(2);
      expect(await count('select 1 from auth.api_key')).toBe(0);
      expect(await count('select 1 from auth.app')).toBe(0);
    });
  });

  it.each([
    ["another tenant's application", `update auth.app set name = 'x' where tenant_id = '${THEIRS}'`],
    ["another tenant's key", `update auth.api_key set revoked_at = now() where tenant_id = '${THEIRS}'`],
    ["another tenant's count", `update auth.api_key_use set count = 9 where tenant_id = '${THEIRS}'`],
  ])('let nobody change %s', async (_, sql) => {
    const settings = { 'app.tenant_id': OURS, 'app.tenant_ids': `{${OURS}}` };
    await expect(within(settings, () => count(sql))).resolves.toBe(0);
  });

  it.each([
    ["the text's HMAC of a key", `update auth.api_key set hmac = repeat('b', 64)`],
    ['what a key may do', `update auth.api_key set scopes = '{pix:write}'`],
    ['whose a key is', `update auth.api_key set app_id = id`],
    ['a key away', 'delete from auth.api_key'],
    ['an application away', 'delete from auth.app'],
    ['a count away', 'delete from auth.api_key_use'],
  ])('let not even their own tenant change %s', async (_, sql) => {
    await expect(within({ 'app.tenant_id': OURS }, () => api.query(sql))).rejects.toMatchObject({
      code: '42501',
    });
  });

  it("refuse a key of another tenant's application", async () => {
    await expect(
      within({ 'app.tenant_id': OURS }, () =>
        api.query(
          `insert into auth.api_key (tenant_id, id, app_id, name, prefix, hmac, pepper_version, scopes, created_at, created_by, revision)
           values ($1, $2, $3, 'n', 'p', repeat('c', 64), 1, '{releases:read}', now(), $4, 1)`,
          [OURS, newId(), newId(), PERSON],
        ),
      ),
    ).rejects.toMatchObject({ code: '23503' });
  });

  it('show the operator under which pepper keys still hang, and not their HMACs', async () => {
    const operator = new Client({ connectionString: database.urlFor('operator') });
    await operator.connect();
    const { rows } = await operator.query(
      'select pepper_version, count(*)::int from auth.api_key group by 1',
    );
    expect(rows).toEqual([{ pepper_version: 1, count: 2 }]);
    await expect(operator.query('select hmac from auth.api_key')).rejects.toMatchObject({ code: '42501' });
    await operator.end();
  });
});
