import { NestFactory } from '@nestjs/core';
import { Client } from 'pg';
import { DatabaseModule, Inbox, SqlSession } from '@libs/database';
import { newId, SystemClock, TenantId, TenantTransaction } from '@libs/kernel';
import { TestDatabase, testDatabase } from '@libs/testing';
import { authSchema } from '../../auth.schema';
import { ServiceAudit } from '../../domain/service-audit';
import { AuditChain } from '../../infrastructure/audit/audit-chain';
import { PostgresAuditInbox } from '../../infrastructure/audit/postgres-audit-inbox';
import { PostgresAuditLog } from '../../infrastructure/audit/postgres-audit-log';
import { RecordServiceAudit } from './record-service-audit';

let database: TestDatabase;
let admin: Client;
let close: () => Promise<void>;
let record: RecordServiceAudit;

beforeAll(async () => {
  database = await testDatabase([authSchema]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  const options = { name: 'service-audit', schema: 'auth', url: database.urlFor('auth_api'), poolMax: 8 };
  const context = await NestFactory.createApplicationContext(DatabaseModule.forRoot(options), {
    logger: false,
  });
  close = () => context.close();
  const chain = new AuditChain('a secret for tests, thirty-two characters at least');
  record = new RecordServiceAudit(
    context.get(TenantTransaction),
    new PostgresAuditInbox(context.get(Inbox)),
    new PostgresAuditLog(context.get(SqlSession), new SystemClock(), chain),
  );
});
afterAll(async () => {
  await close?.();
  await admin?.end();
  await database?.drop();
});

const anAudit = (tenantId: TenantId, changes: Partial<ServiceAudit> = {}): ServiceAudit => ({
  tenantId,
  entryId: newId(),
  action: 'events.person_exported',
  actor: { kind: 'key', id: newId() },
  target: 'ela',
  details: { format: 'csv' },
  requestId: 'r-1',
  ...changes,
});

const rowsOf = async (tenantId: TenantId) =>
  (await admin.query('select * from auth.audit_entry where tenant_id = $1 order by seq', [tenantId])).rows;

describe('recording what happened in other services', () => {
  it('says who did what to whom there, and on which request', async () => {
    const told = anAudit(newId<TenantId>());
    await record.execute([told]);
    expect(await rowsOf(told.tenantId)).toMatchObject([
      {
        action: 'events.person_exported',
        actor_kind: 'key',
        actor_id: told.actor.id,
        target: 'ela',
        details: { format: 'csv' },
        request_id: 'r-1',
      },
    ]);
  });

  it('writes each entry once, whatever comes twice, at once, or with other tenants', async () => {
    const tenants = [newId<TenantId>(), newId<TenantId>()] as const;
    const told = tenants.flatMap((tenantId) => Array.from({ length: 5 }, () => anAudit(tenantId)));
    await Promise.all([
      record.execute([...told, ...told]),
      record.execute([...told].reverse()),
      ...told.map((one) => record.execute([one])),
    ]);
    for (const tenantId of tenants) {
      const rows = await rowsOf(tenantId);
      expect(rows.map(({ seq }: { seq: string }) => seq)).toEqual(['1', '2', '3', '4', '5']);
    }
  });
});
