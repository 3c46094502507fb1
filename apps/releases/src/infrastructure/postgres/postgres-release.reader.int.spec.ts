import { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DatabaseModule, SqlSession } from '@libs/database';
import { ReleaseId, TenantId, TenantTransaction, newId } from '@libs/kernel';
import { TestDatabase, testDatabase } from '@libs/testing';
import { Client } from 'pg';
import { LedgerContext } from '../../../test/ledger-context';
import { aRelease } from '../../../test/release.builder';
import { releasesSchema } from '../../releases.schema';
import { PostgresReleaseReader } from './postgres-release.reader';

describe('reading releases', () => {
  let database: TestDatabase;
  let ledger: LedgerContext;
  let api: INestApplicationContext;
  let reader: PostgresReleaseReader;
  let transaction: TenantTransaction;
  const [mine, other] = [newId<TenantId>(), newId<TenantId>()];
  const foreign = aRelease().of(other).build();

  beforeAll(async () => {
    database = await testDatabase([releasesSchema]);
    ledger = await LedgerContext.open(database.urlFor('releases_worker'));
    await ledger.post.execute([foreign, ...Array.from({ length: 3 }, () => aRelease().of(mine).build())]);
    const url = database.urlFor('releases_api');
    const module = DatabaseModule.forRoot({ name: 'reader', schema: 'releases', url, poolMax: 2 });
    api = await NestFactory.createApplicationContext(module, { logger: false });
    reader = new PostgresReleaseReader(api.get(SqlSession, { strict: false }));
    transaction = api.get(TenantTransaction, { strict: false });
  });
  afterAll(async () => {
    await api?.close();
    await ledger?.close();
    await database?.drop();
  });

  const listed = (as: TenantId, asked: TenantId) =>
    transaction.runFor([as], () => reader.list(asked, {}, undefined, 10));

  it('shows a tenant its own rows', async () => {
    expect(await listed(mine, mine)).toHaveLength(3);
    expect(await listed(other, other)).toHaveLength(1);
  });

  it('shows nothing of another tenant by row-level security alone, the query asking for it', async () => {
    expect(await listed(mine, other)).toEqual([]);
    expect(await transaction.runFor([mine], () => reader.find(other, foreign.id))).toBeUndefined();
  });

  it('shows nothing of another tenant by the query alone, without row-level security', async () => {
    const admin = new Client({ connectionString: database.adminUrl });
    await admin.connect();
    try {
      const asSuperuser = new PostgresReleaseReader({
        query: async (sql: string, params: unknown[]) => (await admin.query(sql, params)).rows,
        afterCommit: () => undefined,
      } as never);
      expect(await asSuperuser.list(mine, {}, undefined, 10)).toHaveLength(3);
      expect(await asSuperuser.find(mine, foreign.id)).toBeUndefined();
    } finally {
      await admin.end();
    }
  });

  it('lets the API role write nothing', async () => {
    const sql = api.get(SqlSession, { strict: false });
    for (const statement of [
      'delete from releases.release',
      'update releases.release set amount = 1',
      `insert into releases.tenant values ('${mine}', 'UTC', 'active', 1)`,
    ])
      await expect(transaction.runFor([mine], () => sql.query(statement))).rejects.toMatchObject({
        code: '42501',
      });
  });

  it('reads a page by the index, however many rows there are', async () => {
    const sql = api.get(SqlSession, { strict: false });
    const position = { occurredAt: new Date('2026-11-22T12:00:00.000Z'), id: newId<ReleaseId>() };
    await transaction.runFor([mine], async () => {
      await sql.query('set local enable_seqscan = off');
      const plan = await sql.query<{ 'QUERY PLAN': string }>(
        `explain select id from releases.release where tenant_id = $1
           and (occurred_at, id) < ($2::timestamptz, $3::uuid) order by occurred_at desc, id desc limit 50`,
        [mine, position.occurredAt.toISOString(), position.id],
      );
      const text = plan.map((row) => row['QUERY PLAN']).join('\n');
      expect(text).toContain('release_newest_first');
      expect(text).not.toContain('Sort');
    });
  });
});
