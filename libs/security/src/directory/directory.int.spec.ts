import { Test, TestingModule } from '@nestjs/testing';
import { Client } from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  ApiKeyChangedV1,
  apiKeyChangedV1Example,
  TenantChangedV1,
  tenantChangedV1Example,
} from '@libs/contracts';
import { auditSchema, DatabaseModule, defineSchema } from '@libs/database';
import { newId, TenantId } from '@libs/kernel';
import { Batch } from '@libs/messaging';
import { eventually, TestDatabase, testDatabase } from '@libs/testing';
import { ApiKeyDirectory } from '../api-keys/api-key-directory';
import { directorySql, dropDirectorySql } from './directory-sql';
import { DirectoryModule, KeepDirectoryModule } from './directory.module';
import { KeepDirectory } from './keep-directory';
import { TenantDirectory } from './tenant-directory';

const SCHEMA = 'sample';
const API = 'directory_api';
const WORKER = 'directory_worker';

class CreateDirectory1795400000070 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(directorySql(SCHEMA, { apiRoles: [API], workerRoles: [WORKER] }));
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(dropDirectorySql(SCHEMA));
  }
}
const schema = defineSchema({
  name: SCHEMA,
  migrations: [CreateDirectory1795400000070],
  roles: [API, WORKER],
});

let database: TestDatabase;
let reading: TestingModule;
let keeping: TestingModule;
let directory: TenantDirectory;
let keys: ApiKeyDirectory;
let keep: KeepDirectory;

beforeAll(async () => {
  database = await testDatabase([schema]);
  const as = (role: string) =>
    DatabaseModule.forRoot({ name: role, url: database.urlFor(role), poolMax: 3, schema: SCHEMA });
  const hosts = { publicDomain: 'localhost', neutralHosts: [] };
  reading = await Test.createTestingModule({
    imports: [DirectoryModule.forRoot(hosts, { imports: [as(API)], schema: SCHEMA, apiKeys: true })],
  }).compile();
  keeping = await Test.createTestingModule({
    imports: [KeepDirectoryModule.forRoot({ imports: [as(WORKER)], schema: SCHEMA })],
  }).compile();
  await reading.init();
  directory = reading.get(TenantDirectory);
  keys = reading.get(ApiKeyDirectory);
  keep = keeping.get(KeepDirectory);
});
afterAll(async () => {
  await reading?.close();
  await keeping?.close();
  await database?.drop();
});

const aTenant = () => newId<TenantId>();
const hmacOf = (id: string) => id.replaceAll('-', '').repeat(2);

function message<Payload>(tenantId: string, payload: Payload) {
  const id = newId();
  const envelope = { id, type: 't', version: 1, tenantId, occurredAt: '', requestId: id, payload };
  return { envelope, text: '', receives: 1 };
}
const tenant = (id: string, changes: Partial<TenantChangedV1> = {}) =>
  message(id, { ...tenantChangedV1Example, subdomain: `t${id}`, domains: [], origins: [], ...changes });
const key = (tenantId: string, changes: Partial<ApiKeyChangedV1> = {}) =>
  message(tenantId, { ...apiKeyChangedV1Example, ...changes });

async function as<T extends object>(role: string, sql: string, tenants: string[] = []): Promise<T[]> {
  const client = new Client({ connectionString: database.urlFor(role) });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(
      `select set_config('app.tenant_ids', $1, true), set_config('app.tenant_id', $2, true)`,
      [`{${tenants.join()}}`, tenants[0] ?? ''],
    );
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('TenantDirectory', () => {
  it('knows a change within half a second, without being asked to look', async () => {
    const id = aTenant();
    const origins = ['https://app.padaria.example'];
    await keep.tenants(
      new Batch('t', [tenant(id, { subdomain: 'padaria', domains: ['pague.example'], origins })]),
    );
    // a busy machine is given its time: without the looks of its own it would never know
    await eventually(() => expect(directory.byId(id)).toMatchObject({ subdomain: 'padaria' }), {
      within: 3_000,
    });
    expect(directory.tenantOf(directory.readHost('Padaria.localhost:3000'))?.id).toBe(id);
    expect(directory.tenantOf(directory.readHost('pague.example'))?.id).toBe(id);
    expect([
      directory.isRegistered('https://app.padaria.example'),
      directory.isRegistered('https://x.example'),
    ]).toEqual([true, false]);
    expect([
      directory.isOf(id, 'https://app.padaria.example'),
      directory.isOf(aTenant(), 'https://app.padaria.example'),
    ]).toEqual([true, false]);
    await keep.tenants(new Batch('t', [tenant(id, { status: 'suspended', origins, revision: 2 })]));
    await eventually(() => expect(directory.isSuspended(id)).toBe(true), { within: 3_000 });
    expect(directory.isRegistered('https://app.padaria.example')).toBe(false);
  });

  it('misses nothing that a slow transaction commits after faster ones', async () => {
    const [slow, fast] = [aTenant(), aTenant()];
    const client = new Client({ connectionString: database.urlFor(WORKER) });
    await client.connect();
    await client.query('begin');
    await client.query(`select set_config('app.tenant_ids', $1, true)`, [`{${slow}}`]);
    await client.query(
      `insert into sample.tenant_directory values ($1, 'slow', 'active', '{}', '{}', null, 1)`,
      [slow],
    );
    for (let revision = 1; revision <= 5; revision++) {
      await keep.tenants(new Batch('t', [tenant(fast, { revision })]));
      await directory.refresh();
    }
    expect([directory.byId(fast)?.id, directory.byId(slow)]).toEqual([fast, undefined]);
    await client.query('commit');
    await client.end();
    await directory.refresh();
    expect(directory.byId(slow)?.id).toBe(slow);
  });

  it('stands while the database is away, and reads all of it afterwards', async () => {
    const id = aTenant();
    await keep.tenants(new Batch('t', [tenant(id)]));
    await directory.refresh();
    const admin = new Client({ connectionString: database.adminUrl });
    await admin.connect();
    await admin.query('alter table sample.tenant_directory rename to hidden');
    await directory.refresh();
    expect(directory.byId(id)?.id).toBe(id);
    // as a restored backup would: the change bears an older transaction than what was seen
    await admin.query('alter table sample.hidden rename to tenant_directory');
    await admin.query(
      `update sample.tenant_directory set status = 'suspended', changed_in = '3' where tenant_id = $1`,
      [id],
    );
    await admin.end();
    await directory.refresh();
    await directory.refresh();
    expect(directory.isSuspended(id)).toBe(true);
  });
});

describe('KeepDirectory', () => {
  it('keeps the highest revision, whatever the order and however often it arrives', async () => {
    const id = aTenant();
    const changes = [3, 1, 2].map((revision) => tenant(id, { subdomain: `r${revision}`, revision }));
    await keep.tenants(new Batch('t', [...changes, ...changes]));
    for (const change of changes) await keep.tenants(new Batch('t', [change]));
    await directory.refresh();
    expect(directory.byId(id)?.subdomain).toBe('r3');
  });

  it('takes messages from before there were domains', async () => {
    const id = aTenant();
    const { domains, defaultAppId, ...old } = tenant(id).envelope.payload;
    await keep.tenants(new Batch('t', [message(id, old)]));
    await directory.refresh();
    expect([domains, directory.byId(id)]).toMatchObject([[], { domains: [], defaultAppId: undefined }]);
    await keep.tenants(new Batch('t', [message(id, { ...old, defaultAppId, revision: 2 })]));
    await keep.tenants(new Batch('t', [message(id, { ...old, revision: 3 })]));
    await directory.refresh();
    expect(directory.byId(id)?.defaultAppId).toBe(defaultAppId);
  });

  it('believes the envelope about whose it is, not what a payload slips in', async () => {
    const [id, other] = [aTenant(), aTenant()];
    const payload = { ...tenant(id).envelope.payload, tenantId: other, tenant_id: other };
    await keep.tenants(new Batch('t', [message(id, payload)]));
    await directory.refresh();
    expect([directory.byId(id)?.id, directory.byId(other)]).toEqual([id, undefined]);
  });

  it.each([
    ['a status that it does not know', { status: 'closed' as never }],
    ['no subdomain', { subdomain: undefined }],
    ['a revision that is no number', { revision: 'x' as never }],
  ])('refuses %s', async (_, changes) => {
    await expect(keep.tenants(new Batch('t', [tenant(aTenant(), changes)]))).rejects.toThrow();
  });

  it('makes two consumers of the same changes wait, not fail', async () => {
    const ids = Array.from({ length: 200 }, aTenant);
    const rounds = Array.from({ length: 8 }, (_, at) => {
      const changes = ids.map((id) => tenant(id, { revision: at + 1 }));
      return keep.tenants(new Batch('t', at % 2 ? changes : changes.reverse()));
    });
    await Promise.all(rounds);
    await directory.refresh();
    expect(ids.every((id) => directory.byId(id))).toBe(true);
  });
});

describe('the directory of API keys', () => {
  it('gives a key to who presents its HMAC, with its newest state', async () => {
    const tenantId = aTenant();
    const [keyId, appId] = [newId(), newId()];
    const hmac = hmacOf(newId());
    const fresh = {
      keyId,
      appId,
      hmac,
      scopes: ['releases:read'],
      expiresAt: undefined,
      revokedAt: undefined,
    };
    await keep.apiKeys(
      new Batch('k', [key(tenantId, { ...fresh, requestsPerMinute: undefined, revision: 1 })]),
    );
    const found = { keyId, tenantId, appId, scopes: ['releases:read'], hmac };
    expect(await keys.find([hmac])).toEqual(found);
    expect(await keys.find([hmacOf(newId()), hmac])).toEqual(found);
    expect(await keys.find([hmacOf(newId())])).toBeUndefined();
    const revokedAt = new Date('2026-11-22T12:00:00.000Z');
    const revoked = { ...fresh, requestsPerMinute: 7, revokedAt: revokedAt.toISOString(), revision: 2 };
    await keep.apiKeys(new Batch('k', [key(tenantId, revoked), key(tenantId, { ...fresh, revision: 1 })]));
    expect(await keys.find([hmac])).toEqual({ ...found, requestsPerMinute: 7, revokedAt });
  });

  it('gives a key that two tenants claim to nobody', async () => {
    const hmac = hmacOf(newId());
    await keep.apiKeys(new Batch('k', [key(aTenant(), { hmac }), key(aTenant(), { hmac })]));
    expect(await keys.find([hmac])).toBeUndefined();
  });

  it.each([
    ['an HMAC that is too short', { hmac: 'abcd' }],
    ['an HMAC that is not hex', { hmac: 'z'.repeat(64) }],
    ['no scopes', { scopes: undefined }],
    ['an end that is no time', { expiresAt: 'soon' }],
  ])('refuses %s', async (_, changes) => {
    await expect(keep.apiKeys(new Batch('k', [key(aTenant(), changes)]))).rejects.toThrow();
  });
});

describe('the wall around the directory', () => {
  const [ours, theirs] = [aTenant(), aTenant()];

  beforeAll(async () => {
    for (const id of [ours, theirs]) {
      await keep.tenants(new Batch('t', [tenant(id)]));
      await keep.apiKeys(new Batch('k', [key(id, { keyId: newId(), hmac: hmacOf(newId()) })]));
    }
  });

  it('has no hole that the audit knows', async () => {
    await expect(auditSchema(database.adminUrl, SCHEMA)).resolves.toEqual([]);
  });

  it.each(['', 'tenant'])('lets no API list keys, %s', async (scoped) => {
    const tenants = scoped ? [ours] : [];
    await expect(as(API, 'select * from sample.api_key_directory', tenants)).rejects.toMatchObject({
      code: '42501',
    });
    await expect(as(API, `select * from sample.find_api_keys('{}')`, tenants)).resolves.toEqual([]);
    await expect(as(API, 'select * from sample.find_api_keys(null)', tenants)).resolves.toEqual([]);
    await expect(as('operator', 'select * from sample.api_key_directory')).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('lets an API write nothing', async () => {
    for (const sql of [
      `update sample.tenant_directory set status = 'active'`,
      'delete from sample.tenant_directory',
      `insert into sample.tenant_directory values (gen_random_uuid(), 's', 'active', '{}', '{}', null, 1)`,
      'delete from sample.api_key_directory',
      'truncate sample.api_key_directory',
    ])
      await expect(as(API, sql, [ours])).rejects.toMatchObject({ code: '42501' });
  });

  it('shows a worker the tenants of its batch alone, and lets it write no other', async () => {
    const shown = 'select tenant_id from sample';
    expect(await as(WORKER, `${shown}.api_key_directory`, [ours])).toEqual([{ tenant_id: ours }]);
    expect(await as(WORKER, `${shown}.tenant_directory`, [ours])).toEqual([{ tenant_id: ours }]);
    expect(await as(WORKER, `${shown}.api_key_directory`)).toEqual([]);
    const claim = `update sample.api_key_directory set tenant_id = '${ours}' where tenant_id = '${theirs}' returning 1`;
    expect(await as(WORKER, claim, [ours])).toEqual([]);
    const give = `update sample.api_key_directory set tenant_id = '${theirs}' where tenant_id = '${ours}'`;
    await expect(as(WORKER, give, [ours])).rejects.toMatchObject({ code: '42501' });
    await expect(as(WORKER, `select * from sample.find_api_keys('{}')`, [ours])).rejects.toMatchObject({
      code: '42501',
    });
  });
});
