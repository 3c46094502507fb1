import { NestFactory } from '@nestjs/core';
import fc from 'fast-check';
import { Client } from 'pg';
import { DatabaseModule, Inbox, SqlSession } from '@libs/database';
import { newId, TenantId, TenantTransaction } from '@libs/kernel';
import { FixedClock, TestDatabase, testDatabase } from '@libs/testing';
import { CountApiKeyUses } from '../../application/keys/count-api-key-uses';
import { authSchema } from '../../auth.schema';
import { ApiKeyUseReport } from '../../domain/api-key-use';
import { PostgresApiKeyUsesRepository } from './postgres-api-key-uses.repository';

const TENANTS = Array.from({ length: 3 }, () => newId<TenantId>());
const KEYS_EACH = 4;

// What it says is compared with the database's own.
const clock = new FixedClock(new Date());
let database: TestDatabase;
let admin: Client;
let close: () => Promise<void>;
let count: CountApiKeyUses;
/** Of each tenant. */
const keys = new Map<TenantId, string[]>();

beforeAll(async () => {
  database = await testDatabase([authSchema]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  const person = newId();
  await admin.query(
    `insert into auth.user (id, email, name, password_hash, created_at) values ($1, 'a@b.example', 'n', 'h', now())`,
    [person],
  );
  for (const tenantId of TENANTS) {
    await admin.query(
      `insert into auth.tenant (id, name, subdomain, time_zone, status, revision, created_at, default_app_id, night_limit)
       values ($1, 'n', $2, 'UTC', 'active', 1, now(), $1, 0)`,
      [tenantId, `t${tenantId.slice(-12)}`],
    );
    await admin.query(`insert into auth.app values ($1, $1, 'n', now())`, [tenantId]);
    const ids = Array.from({ length: KEYS_EACH }, () => newId());
    keys.set(tenantId, ids);
    for (const id of ids)
      await admin.query(
        `insert into auth.api_key (tenant_id, id, app_id, name, prefix, hmac, pepper_version, scopes, created_at, created_by, revision)
         values ($1, $2, $1, 'n', 'p', $4, 1, '{releases:read}', now(), $3, 1)`,
        [tenantId, id, person, id.replaceAll('-', '').repeat(2)],
      );
  }
  const options = { name: 'uses', schema: 'auth', url: database.urlFor('auth_api'), poolMax: 8 };
  const context = await NestFactory.createApplicationContext(DatabaseModule.forRoot(options), {
    logger: false,
  });
  close = () => context.close();
  count = new CountApiKeyUses(
    context.get(TenantTransaction),
    new PostgresApiKeyUsesRepository(context.get(SqlSession), context.get(Inbox)),
    clock,
  );
});
afterAll(async () => {
  await close?.();
  await admin?.end();
  await database?.drop();
});

const someReport = fc
  .record({
    tenant: fc.nat(TENANTS.length - 1),
    uses: fc.array(
      fc.record({ key: fc.nat(KEYS_EACH - 1), count: fc.integer({ min: 1, max: 50 }), at: fc.nat(100_000) }),
      { minLength: 1, maxLength: 6 },
    ),
  })
  .map(({ tenant, uses }): ApiKeyUseReport => {
    const tenantId = TENANTS[tenant] as TenantId;
    return {
      messageId: newId(),
      tenantId,
      uses: uses.map(({ key, count, at }) => ({
        keyId: keys.get(tenantId)?.[key] ?? '',
        count,
        lastUsedAt: new Date(Date.UTC(2026, 0, 1) + at),
      })),
    };
  });

describe('counting the uses of keys', () => {
  it('gives the same sums whatever comes twice, at once, or in another order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(someReport, { minLength: 1, maxLength: 30 }),
        fc.infiniteStream(fc.nat()),
        async (reports, dice) => {
          await admin.query('delete from auth.inbox');
          await admin.query('delete from auth.api_key_use');
          await admin.query(
            'insert into auth.api_key_use (tenant_id, key_id) select tenant_id, id from auth.api_key',
          );
          const deliveries = [...reports, ...reports, ...reports]
            .map((report) => ({ report, place: dice.next().value as number }))
            .sort((a, b) => a.place - b.place)
            .map(({ report }) => report);
          const batches: ApiKeyUseReport[][] = [];
          while (deliveries.length > 0)
            batches.push(deliveries.splice(0, 1 + ((dice.next().value as number) % 9)));
          await Promise.all(batches.map((batch) => count.execute(batch)));
          expect(await counted()).toEqual(expected(reports));
        },
      ),
      { numRuns: 40 },
    );
  }, 120_000);

  it('forgets reports that no log could bring again', async () => {
    await admin.query('delete from auth.inbox');
    const [tenantId] = TENANTS as [TenantId];
    const report = (): ApiKeyUseReport => ({ messageId: newId(), tenantId, uses: [] });
    const old = report();
    await count.execute([old]);
    await admin.query(`update auth.inbox set received_at = now() - interval '16 days'`);
    clock.advance({ days: 1 });
    await count.execute([report()]);
    const { rows } = await admin.query<{ message_id: string }>('select message_id from auth.inbox');
    expect(rows.map((row) => row.message_id)).not.toContain(old.messageId);
    expect(rows).toHaveLength(1);
  });
});

type Sums = Record<string, { count: number; lastUsedAt: string }>;

async function counted(): Promise<Sums> {
  const { rows } = await admin.query<{ key_id: string; count: string; last_used_at: Date }>(
    'select key_id, count::text, last_used_at from auth.api_key_use where count > 0',
  );
  return Object.fromEntries(
    rows.map((row) => [row.key_id, { count: Number(row.count), lastUsedAt: row.last_used_at.toISOString() }]),
  );
}

function expected(reports: readonly ApiKeyUseReport[]): Sums {
  const sums: Sums = {};
  for (const { keyId, count: uses, lastUsedAt } of reports.flatMap((report) => report.uses)) {
    const at = lastUsedAt.toISOString();
    const before = sums[keyId] ?? { count: 0, lastUsedAt: at };
    sums[keyId] = { count: before.count + uses, lastUsedAt: at > before.lastUsedAt ? at : before.lastUsedAt };
  }
  return sums;
}
