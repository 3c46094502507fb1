import { Client } from 'pg';
import { auditSchema } from '@libs/database';
import { TestDatabase, testDatabase } from '@libs/testing';
import { authSchema } from '../../auth.schema';

const OURS = '019a2b3c-0000-7000-8000-00000000000a';
const THEIRS = '019a2b3c-0000-7000-8000-00000000000b';
const PERSON = '019a2b3c-0000-7000-8000-000000000001';
const STRANGER = '019a2b3c-0000-7000-8000-000000000002';
const SESSION = '019a2b3c-0000-7000-8000-000000000003';
const TENANT_TABLES = [
  'tenant',
  'membership',
  'session',
  'refresh_token',
  'outbox',
  'domain',
  'verified_domain',
  'invitation',
];

let database: TestDatabase;
let api: Client;

beforeAll(async () => {
  database = await testDatabase([authSchema]);
  const admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  for (const [tenant, person] of [
    [OURS, PERSON],
    [THEIRS, STRANGER],
  ]) {
    await admin.query(`insert into auth.user values ($1, $2, 'n', 'h', now())`, [
      person,
      `${person}@x.example`,
    ]);
    await admin.query(
      `insert into auth.tenant
         (id, name, subdomain, time_zone, status, revision, created_at, default_app_id, night_limit)
       values ($1, 'n', $2, 'UTC', 'active', 1, now(), $1, 0)`,
      [tenant, `t${tenant?.slice(-1)}`],
    );
    await admin.query(`insert into auth.membership values ($1, $2, 'owner', now())`, [tenant, person]);
    await admin.query(
      `insert into auth.session (tenant_id, id, user_id, created_at, last_used_at, expires_at, authenticated_at)
       values ($1, $2, $3, now(), now(), now() + interval '1 day', now())`,
      [tenant, SESSION, person],
    );
    await admin.query(
      `insert into auth.refresh_token (tenant_id, hash, session_id, issued_at, expires_at)
       values ($1, $2, $3, now(), now() + interval '1 day')`,
      [tenant, Buffer.alloc(32, 1), SESSION],
    );
    const domain = `${tenant}.example`;
    await admin.query(`insert into auth.domain values ($1, $2, 'proof', now())`, [tenant, domain]);
    await admin.query('insert into auth.verified_domain values ($2, $1)', [tenant, domain]);
    await admin.query(
      `insert into auth.invitation (tenant_id, id, email, role, token_hash, invited_by, created_at, expires_at)
       values ($1, $2, 'x@x.example', 'viewer', $3, $4, now(), now() + interval '1 day')`,
      [tenant, SESSION, Buffer.alloc(32, 2), person],
    );
    await admin.query(
      `insert into auth.outbox (tenant_id, id, topic, messages, message_count) values ($1, $2, 't', '[]', 1)`,
      [tenant, SESSION],
    );
  }
  await admin.end();
  api = new Client({ connectionString: database.urlFor('auth_api') });
  await api.connect();
});
afterAll(async () => {
  await api?.end();
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

describe("the wall between tenants in auth's schema", () => {
  it('has no hole that the audit knows', async () => {
    const globalTables = [
      'user',
      'tenant',
      'denial',
      'signing_key',
      'identity',
      'totp',
      'recovery_code',
      'verified_domain',
    ];
    await expect(auditSchema(database.adminUrl, 'auth', { globalTables })).resolves.toEqual([]);
  });

  it.each(TENANT_TABLES.filter((table) => table !== 'outbox'))(
    'shows of %s the tenant of the transaction alone, whatever the query asks',
    async (table) => {
      const id = table === 'tenant' ? 'id' : 'tenant_id';
      const rows = await within(
        { 'app.tenant_id': OURS },
        async () => (await api.query(`select * from auth.${table}`)).rows,
      );
      expect(rows.map((row) => row[id])).toEqual([OURS]);
    },
  );

  it.each(TENANT_TABLES.filter((table) => table !== 'outbox'))(
    'shows nothing of %s without a tenant',
    async (table) => {
      await expect(count(`select * from auth.${table}`)).resolves.toBe(0);
      await expect(within({ 'app.tenant_id': '' }, () => count(`select * from auth.${table}`))).resolves.toBe(
        0,
      );
    },
  );

  it('lets nobody write, end or forget a session of another tenant', async () => {
    await within({ 'app.tenant_id': OURS }, async () => {
      expect(await count('update auth.session set ended_at = now() where tenant_id = $1', [THEIRS])).toBe(0);
      expect(
        await count('update auth.refresh_token set spent_at = now() where tenant_id = $1', [THEIRS]),
      ).toBe(0);
      expect(await count('delete from auth.session where tenant_id = $1', [THEIRS])).toBe(0);
    });
    await expect(
      within({ 'app.tenant_id': OURS }, () =>
        api.query(`insert into auth.membership values ($1, $2, 'owner', now())`, [THEIRS, PERSON]),
      ),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it("shows a proven person's own memberships and their tenants, to read and no more", async () => {
    await within({ 'auth.person_id': PERSON }, async () => {
      const { rows } = await api.query(
        'select m.tenant_id from auth.membership m join auth.tenant t on t.id = m.tenant_id',
      );
      expect(rows).toEqual([{ tenant_id: OURS }]);
      expect(await count('select * from auth.session')).toBe(0);
      await expect(
        api.query(`insert into auth.membership values ($1, $2, 'owner', now())`, [THEIRS, PERSON]),
      ).rejects.toMatchObject({ code: '42501' });
    });
  });

  it.each(['select * from auth.user', 'select * from auth.refresh_token', 'select * from auth.signing_key'])(
    'keeps secrets from the operator: %s',
    async (sql) => {
      const operator = new Client({ connectionString: database.urlFor('operator') });
      await operator.connect();
      try {
        await expect(operator.query(sql)).rejects.toMatchObject({ code: '42501' });
        await expect(operator.query('select id, created_at from auth.user')).resolves.toMatchObject({
          rowCount: 2,
        });
      } finally {
        await operator.end();
      }
    },
  );
});
