import { Client } from 'pg';
import { parseEnvelope, TenantChangedV1, topics } from '@libs/contracts';
import { defineSchema, migrate } from '@libs/database';
import { newId } from '@libs/kernel';
import { TEST_ROLE_SECRET, TestDatabase, testDatabase } from '@libs/testing';
import { authSchema } from '../../auth.schema';
import { TenantDirectory1795400000070 } from './migrations/1795400000070-tenant-directory';

const [OURS, THEIRS] = [newId(), newId()];
const timestampOf = (migration: { name: string }) => Number(migration.name.slice(-13));

/** A house from before the directory, with two tenants in it, brought up to date. */
describe('auth’s directory of tenants', () => {
  let database: TestDatabase;
  let admin: Client;
  let api: Client;

  beforeAll(async () => {
    const before = authSchema.migrations.filter(
      (migration) => timestampOf(migration) < timestampOf(TenantDirectory1795400000070),
    );
    database = await testDatabase([defineSchema({ ...authSchema, migrations: before })]);
    admin = new Client({ connectionString: database.adminUrl });
    await admin.connect();
    for (const [id, subdomain] of [
      [OURS, 'padaria'],
      [THEIRS, 'farmacia'],
    ])
      await admin.query(
        `insert into auth.tenant (id, name, subdomain, time_zone, status, origins, revision, created_at, domains,
           default_app_id, night_limit)
         values ($1, 'Padaria "Estrela"' || chr(10), $2, 'America/Manaus', 'active', '{https://a.example}', 7, now(),
           '{a.example}', $1, 100)`,
        [id, subdomain],
      );
    await migrate(database.adminUrl, [authSchema], TEST_ROLE_SECRET);
    api = new Client({ connectionString: database.urlFor('auth_api') });
    await api.connect();
  });
  afterAll(async () => {
    await api?.end();
    await admin?.end();
    await database?.drop();
  });

  it('tells of the tenants of before once more, in messages as auth writes them', async () => {
    const { rows } = await admin.query<{ tenant_id: string; topic: string; messages: string }>(
      `select tenant_id, topic, messages::text from auth.outbox order by tenant_id`,
    );
    expect(rows.map((row) => [row.tenant_id, row.topic])).toEqual(
      [OURS, THEIRS].map((id) => [id, topics.tenantChanged]),
    );
    const [text = ''] = rows.map((row) => row.messages);
    expect(text.slice(1, -1)).not.toContain('\n');
    const envelope = parseEnvelope<TenantChangedV1>(text.slice(1, -1));
    expect(envelope).toMatchObject({ type: topics.tenantChanged, version: 1, tenantId: OURS });
    expect(new Date(envelope.occurredAt).toISOString()).toBe(envelope.occurredAt);
    expect(envelope.payload).toEqual({
      name: 'Padaria "Estrela"\n',
      subdomain: 'padaria',
      timeZone: 'America/Manaus',
      status: 'active',
      origins: ['https://a.example'],
      domains: ['a.example'],
      defaultAppId: OURS,
      revision: 7,
    });
  });

  it('shows the API what every service may know of every tenant, and of the table still its own row', async () => {
    const seen = async (table: string) =>
      (await api.query(`select * from auth.${table}`)).rows.map((row) => Object.keys(row).join());
    expect(new Set(await seen('tenant_directory'))).toEqual(
      new Set(['tenant_id,subdomain,status,origins,domains,default_app_id,revision,changed_in']),
    );
    expect(await seen('tenant_directory')).toHaveLength(2);
    expect(await seen('tenant')).toHaveLength(0);
    await api.query('begin');
    await api.query(`select set_config('app.tenant_id', $1, true)`, [OURS]);
    expect(await seen('tenant')).toHaveLength(1);
    await api.query('rollback');
  });

  it('cannot be written through', async () => {
    for (const sql of [
      `update auth.tenant_directory set status = 'suspended'`,
      'delete from auth.tenant_directory',
      `insert into auth.tenant_directory (tenant_id) values (gen_random_uuid())`,
    ])
      await expect(api.query(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it('notes the transaction of every change', async () => {
    const change = () =>
      admin.query<{ changed_in: string; now: string }>(
        `update auth.tenant set name = 'x', changed_in = '1' where id = $1
         returning changed_in::text, pg_current_xact_id()::text as now`,
        [OURS],
      );
    for (const { rows } of [await change(), await change()]) expect(rows[0]?.changed_in).toBe(rows[0]?.now);
  });

  it('walls the outbox again afterwards', async () => {
    const { rows } = await admin.query(
      `select relforcerowsecurity as forced from pg_class where oid in ('auth.outbox'::regclass, 'auth.tenant'::regclass)`,
    );
    expect(rows).toEqual([{ forced: true }, { forced: true }]);
  });
});
