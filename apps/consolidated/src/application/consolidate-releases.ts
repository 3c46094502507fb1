import { Injectable } from '@nestjs/common';
import { failpoint, TenantTransaction } from '@libs/kernel';
import { Entry } from '../domain/entry';
import { EntryLedger } from '../domain/entry.ledger';

@Injectable()
export class ConsolidateReleases {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly ledger: EntryLedger,
  ) {}

  /** Adds posted releases of any number of tenants to their days: all of them, or on an error none. */
  async execute(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return;
    const tenantIds = [...new Set(entries.map((entry) => entry.tenantId))];
    await this.transaction.runFor(tenantIds, async () => {
      await this.ledger.record(entries);
      failpoint('consumer.before-commit');
    });
    failpoint('consumer.after-commit');
  }
}
