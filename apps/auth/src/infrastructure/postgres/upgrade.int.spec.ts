import { Client } from 'pg';
import { defineSchema, migrate } from '@libs/database';
import { newId } from '@libs/kernel';
import { TEST_ROLE_SECRET, TestDatabase, testDatabase } from '@libs/testing';
import { authSchema } from '../../auth.schema';

const [TENANT, PERSON, SESSION, DENIED] = [newId(), newId(), newId(), newId()];

let database: TestDatabase;
let admin: Client;

beforeAll(async () => {
  const first = defineSchema({ ...authSchema, migrations: authSchema.migrations.slice(0, 1) });
  database = await testDatabase([first]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query(`insert into auth.user values ($1, 'dona@estrela.example', 'Dona', 'hash', now())`, [
    PERSON,
  ]);
  await admin.query(
    `insert into auth.tenant (id, name, subdomain, time_zone, status, revision, created_at)
     values ($1, 'Padaria Estrela', 'estrela', 'America/Sao_Paulo', 'active', 1, now())`,
    [TENANT],
  );
  await admin.query(`insert into auth.membership values ($1, $2, 'owner', now())`, [TENANT, PERSON]);
  await admin.query(
    `insert into auth.session (tenant_id, id, user_id, created_at, last_used_at, expires_at)
     values ($1, $2, $3, '2026-11-22T12:00:00Z', now(), now() + interval '1 day')`,
    [TENANT, SESSION, PERSON],
  );
  await admin.query(
    `insert into auth.refresh_token (tenant_id, hash, session_id, issued_at, expires_at)
     values ($1, sha256('x'), $2, now(), now() + interval '1 day')`,
    [TENANT, SESSION],
  );
  await admin.query(`insert into auth.denial values ($1, now() + interval '15 minutes')`, [DENIED]);
  await admin.query(
    `insert into auth.signing_key (kid, public_jwk, sealed_private_key, created_at) values ('k', '{}', 'x', now())`,
  );
  await migrate(database.adminUrl, [authSchema], TEST_ROLE_SECRET);
});
afterAll(async () => {
  await admin?.end();
  await database?.drop();
});

async function one(sql: string): Promise<unknown> {
  const { rows } = await admin.query(sql);
  expect(rows).toHaveLength(1);
  return rows[0];
}

describe('a database of the first release, brought up to date', () => {
  it('keeps its sessions, proven when they began and by password', async () => {
    expect(await one('select id, authenticated_at, methods from auth.session')).toEqual({
      id: SESSION,
      authenticated_at: new Date('2026-11-22T12:00:00Z'),
      methods: ['pwd'],
    });
    expect(await one('select session_id from auth.refresh_token')).toEqual({ session_id: SESSION });
  });

  it('keeps denying what it denied', async () => {
    expect(await one('select subject, id from auth.denial')).toEqual({ subject: 'session', id: DENIED });
  });

  it('gives its tenant a default application', async () => {
    expect(
      await one(
        `select t.id, a.name from auth.tenant t join auth.app a on (a.tenant_id, a.id) = (t.id, t.default_app_id)`,
      ),
    ).toEqual({ id: TENANT, name: 'Principal' });
  });

  it('signs on with the key it had', async () => {
    expect(await one('select kid from auth.signing_key where retired_at is null')).toEqual({ kid: 'k' });
  });

  it('leaves row-level security forced on every table that had it', async () => {
    const { rows } = await admin.query(
      `select relname from pg_class where relnamespace = 'auth'::regnamespace and relrowsecurity and not relforcerowsecurity`,
    );
    expect(rows).toEqual([]);
  });
});
