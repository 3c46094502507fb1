import { openContext, TestDatabase } from '@libs/testing';
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
  const context = await openContext(database, {
    schema: 'consolidated',
    role,
    providers: [
      { provide: EntryLedger, useClass: PostgresEntryLedger },
      { provide: ConsolidationReader, useClass: PostgresConsolidationReader },
      { provide: TenantDirectory, useClass: PostgresTenantDirectory },
    ],
  });
  const ledger = context.get(EntryLedger);
  return {
    ...context,
    ledger,
    reader: context.get(ConsolidationReader),
    tenants: context.get(TenantDirectory),

    record(...entries: Entry[]): Promise<void> {
      const tenantIds = [...new Set(entries.map((entry) => entry.tenantId))];
      return context.transaction.runFor(tenantIds, () => ledger.record(entries));
    },
  };
}

export { aTenant } from '@libs/testing';
