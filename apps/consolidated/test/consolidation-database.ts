import { Test } from '@nestjs/testing';
import { DatabaseModule, SqlSession } from '@libs/database';
import { newId, requestContext, TenantId, TenantTransaction } from '@libs/kernel';
import { TestDatabase } from '@libs/testing';
import { ConsolidationReader } from '../src/application/consolidation.reader';
import { Entry } from '../src/domain/entry';
import { EntryLedger } from '../src/domain/entry.ledger';
import { TenantDirectory } from '../src/domain/tenant.directory';
import { PostgresConsolidationReader } from '../src/infrastructure/postgres/postgres-consolidation.reader';
import { PostgresEntryLedger } from '../src/infrastructure/postgres/postgres-entry.ledger';
import { PostgresTenantDirectory } from '../src/infrastructure/postgres/postgres-tenant.directory';

export type Consolidation = Awaited<ReturnType<typeof openConsolidation>>;

/** The adapters of this context, connected as `role` would be. */
export async function openConsolidation(database: TestDatabase, role: string) {
  const module = await Test.createTestingModule({
    imports: [
      DatabaseModule.forRoot({
        name: role,
        url: database.urlFor(role),
        poolMax: 8,
        schema: 'consolidated',
      }),
    ],
    providers: [
      { provide: EntryLedger, useClass: PostgresEntryLedger },
      { provide: ConsolidationReader, useClass: PostgresConsolidationReader },
      { provide: TenantDirectory, useClass: PostgresTenantDirectory },
    ],
  }).compile();
  const transaction = module.get(TenantTransaction);
  const ledger = module.get(EntryLedger);
  return {
    transaction,
    ledger,
    reader: module.get(ConsolidationReader),
    tenants: module.get(TenantDirectory),
    sql: module.get(SqlSession),

    record(...entries: Entry[]): Promise<void> {
      const tenantIds = [...new Set(entries.map((entry) => entry.tenantId))];
      return transaction.runFor(tenantIds, () => ledger.record(entries));
    },

    /** As a request of `tenantId` would. */
    as<T>(tenantId: TenantId, work: () => Promise<T>): Promise<T> {
      return requestContext.run({ requestId: newId(), tenantId }, () => transaction.run(work));
    },

    close: () => module.close(),
  };
}

/** A tenant nobody else in the test knows. */
export function aTenant(): TenantId {
  return newId<TenantId>();
}
