import { Client } from 'pg';
import { NestFactory } from '@nestjs/core';
import { DatabaseModule, SqlSession } from '@libs/database';
import { newId, requestContext, SystemClock, TenantId, TenantTransaction, UserId } from '@libs/kernel';
import { TestDatabase, testDatabase } from '@libs/testing';
import { inTenant } from '../../application/tenants/tenant-work';
import { authSchema } from '../../auth.schema';
import { AuditChain } from './audit-chain';
import { PostgresAuditLog } from './postgres-audit-log';

const SECRET = 'a secret for tests, thirty-two characters at least';

let database: TestDatabase;
let admin: Client;
let close: () => Promise<void>;
let transaction: TenantTransaction;
let sql: SqlSession;
let audit: PostgresAuditLog;
let tenantId: TenantId;

beforeAll(async () => {
  database = await testDatabase([authSchema]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  const options = { name: 'audit', schema: 'auth', url: database.urlFor('auth_api'), poolMax: 10 };
  const context = await NestFactory.createApplicationContext(DatabaseModule.forRoot(options), {
    logger: false,
  });
  close = () => context.close();
  [sql, transaction] = [context.get(SqlSession), context.get(TenantTransaction)];
  audit = new PostgresAuditLog(sql, new SystemClock(), new AuditChain(SECRET));
});
afterAll(async () => {
  await close?.();
  await admin?.end();
  await database?.drop();
});
beforeEach(() => (tenantId = newId<TenantId>()));

const rows = async () =>
  (await admin.query('select * from auth.audit_entry where tenant_id = $1 order by seq', [tenantId])).rows;

describe('PostgresAuditLog', () => {
  it('says who did what to whom, on which request', async () => {
    const userId = newId<UserId>();
    await requestContext.run({ requestId: 'r-1', tenantId, userId }, () =>
      transaction.run(() =>
        audit.record({ tenantId, action: 'member.removed', target: 'x', details: { role: 'viewer' } }),
      ),
    );
    expect(await rows()).toMatchObject([
      {
        seq: '1',
        action: 'member.removed',
        actor_kind: 'person',
        actor_id: userId,
        target: 'x',
        details: { role: 'viewer' },
        request_id: 'r-1',
      },
    ]);
  });

  it('keeps nothing of what was rolled back, and leaves no gap for it', async () => {
    const failing = inTenant(transaction, tenantId, async () => {
      await audit.record({ tenantId, action: 'app.created' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await inTenant(transaction, tenantId, () => audit.record({ tenantId, action: 'app.changed' }));
    expect((await rows()).map(({ seq, action }) => [seq, action])).toEqual([['1', 'app.changed']]);
  });

  it('refuses to be written outside a transaction, and for another tenant', async () => {
    await expect(audit.record({ tenantId, action: 'app.created' })).rejects.toThrow(/no open transaction/);
    const foreign = inTenant(transaction, newId<TenantId>(), () =>
      audit.record({ tenantId, action: 'app.created' }),
    );
    await expect(foreign).rejects.toThrow(/row-level security/);
    expect(await rows()).toEqual([]);
  });

  it('writes the entries of one transaction in order, last of all, and locks nothing before', async () => {
    await inTenant(transaction, tenantId, () => audit.record({ tenantId, action: 'app.created' }));
    const head = 'select 1 from auth.audit_head where tenant_id = $1 for update nowait';
    await inTenant(transaction, tenantId, async () => {
      await audit.record({ tenantId, action: 'key.created' });
      await audit.record({ tenantId, action: 'key.revoked' });
      // At work for a while yet: another transaction of the tenant passes.
      expect((await admin.query(head, [tenantId])).rowCount).toBe(1);
    });
    const actions = (await rows()).map(({ action }) => action);
    expect(actions).toEqual(['app.created', 'key.created', 'key.revoked']);
  });

  it('numbers the entries of 200 transactions at once without gap, double or deadlock', async () => {
    const twoEntries = () =>
      inTenant(transaction, tenantId, async () => {
        await audit.record({ tenantId, action: 'session.opened' });
        await audit.record({ tenantId, action: 'session.ended' });
      });
    // On a busy machine two hundred at once wait long for ten connections: who got none wrote nothing, and asks again.
    const persistently = async (): Promise<void> => {
      for (;;) {
        try {
          return await twoEntries();
        } catch (error) {
          if ((error as { code?: string }).code !== 'database_unavailable') throw error;
        }
      }
    };
    await Promise.all(Array.from({ length: 200 }, persistently));
    const found = await rows();
    expect(found.map(({ seq }) => Number(seq))).toEqual(Array.from({ length: 400 }, (_, i) => i + 1));
  });

  it.each(['audit_entry', 'audit_head'])(
    "shows of %s the transaction's tenant alone, whatever the query asks",
    async (table) => {
      const other = newId<TenantId>();
      for (const each of [tenantId, other])
        await inTenant(transaction, each, () => audit.record({ tenantId: each, action: 'app.created' }));
      const seen = await inTenant(transaction, tenantId, () =>
        sql.query<{ tenant_id: string }>(`select tenant_id from auth.${table}`),
      );
      expect(seen).toEqual([{ tenant_id: tenantId }]);
      expect(await sql.query(`select 1 from auth.${table}`)).toEqual([]);
    },
  );

  it.each([
    `update auth.audit_entry set action = 'x'`,
    'delete from auth.audit_entry',
    'truncate auth.audit_entry',
    'delete from auth.audit_head',
    `update auth.audit_head set tenant_id = '019a2b3c-0000-7000-8000-00000000000a'`,
  ])("the API's role may not: %s", async (statement) => {
    await expect(inTenant(transaction, tenantId, () => sql.query(statement))).rejects.toMatchObject({
      code: '42501',
    });
  });

  it.each([
    `update auth.audit_entry set action = 'x'`,
    'delete from auth.audit_entry',
    'truncate auth.audit_entry',
    'delete from auth.audit_head',
    'update auth.audit_head set seq = 0',
  ])('not even the owner of everything may by accident: %s', async (statement) => {
    await inTenant(transaction, tenantId, () => audit.record({ tenantId, action: 'app.created' }));
    await expect(admin.query(statement)).rejects.toMatchObject({ code: '23001' });
  });
});
