import { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DatabaseModule, SqlSession } from '@libs/database';
import { ReleaseId, TenantId, TenantTransaction, UserId, newId } from '@libs/kernel';
import { TestDatabase, testDatabase } from '@libs/testing';
import { Client } from 'pg';
import { ReleaseDocument } from '../../domain/release-document';
import { releasesSchema } from '../../releases.schema';
import { PostgresDocumentRepository } from './postgres-document.repository';

describe('the rows of documents', () => {
  let database: TestDatabase;
  let api: INestApplicationContext;
  let documents: PostgresDocumentRepository;
  let transaction: TenantTransaction;
  const [mine, other] = [newId<TenantId>(), newId<TenantId>()];
  const releaseId = newId<ReleaseId>();
  const foreign = aDocument(other);

  beforeAll(async () => {
    database = await testDatabase([releasesSchema]);
    const url = database.urlFor('releases_api');
    const module = DatabaseModule.forRoot({ name: 'documents', schema: 'releases', url, poolMax: 2 });
    api = await NestFactory.createApplicationContext(module, { logger: false });
    documents = new PostgresDocumentRepository(api.get(SqlSession, { strict: false }));
    transaction = api.get(TenantTransaction, { strict: false });
    await transaction.runFor([other], () => documents.add(foreign));
  });
  afterAll(async () => {
    await api?.close();
    await database?.drop();
  });

  function aDocument(tenantId: TenantId): ReleaseDocument {
    const input = { name: 'nota.pdf', contentType: 'application/pdf', size: 3, sha256: 'ab'.repeat(32) };
    const owner = { id: newId(), tenantId, releaseId, uploadedBy: newId<UserId>() };
    return ReleaseDocument.declare(input, owner, new Date('2026-11-22T12:00:00.000Z'));
  }

  it('come back as they were kept, and are stored once', async () => {
    const document = aDocument(mine);
    const stored = document.stored(new Date('2026-11-22T12:01:00.000Z'));
    const later = document.stored(new Date('2026-11-22T12:02:00.000Z'));
    await transaction.runFor([mine], async () => {
      await documents.add(document);
      expect(await documents.find(mine, releaseId, document.state.id)).toEqual(document);
      await documents.markStored(stored);
      await documents.markStored(later);
      expect(await documents.find(mine, releaseId, document.state.id)).toEqual(stored);
    });
  });

  it('of another tenant are out of sight and reach by row-level security alone', async () => {
    const { id } = foreign.state;
    await transaction.runFor([mine], async () => {
      expect(await documents.find(other, releaseId, id)).toBeUndefined();
      expect(await documents.list(other, releaseId, undefined, 10)).toEqual([]);
      expect(await documents.countForUpdate(other, releaseId)).toBe(0);
      await documents.markStored(foreign.stored(new Date()));
      await documents.forgetAbandoned(other, releaseId, new Date());
    });
    await expect(transaction.runFor([mine], () => documents.add(aDocument(other)))).rejects.toThrow();
    const kept = await transaction.runFor([other], () => documents.find(other, releaseId, id));
    expect(kept).toEqual(foreign);
  });

  it('of another tenant are out of sight by the query alone, without row-level security', async () => {
    const admin = new Client({ connectionString: database.adminUrl });
    await admin.connect();
    try {
      const asSuperuser = new PostgresDocumentRepository({
        query: async (sql: string, params: unknown[]) => (await admin.query(sql, params)).rows,
        afterCommit: () => undefined,
      } as never);
      expect(await asSuperuser.find(mine, releaseId, foreign.state.id)).toBeUndefined();
      expect(
        (await asSuperuser.list(mine, releaseId, undefined, 10)).map(({ state }) => state.tenantId),
      ).not.toContain(other);
    } finally {
      await admin.end();
    }
  });
});
