import { Injectable } from '@nestjs/common';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { EntryLedger, RollupDifference } from '../domain/entry.ledger';
import { AnswerCache } from './answer.cache';

@Injectable()
export class RebuildRollup {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly ledger: EntryLedger,
    private readonly cache: AnswerCache,
  ) {}

  /**
   * Recomputes a tenant's days from its entries. Looks without a lock first: a rollup that is right costs no consumer
   * a moment. @returns the differences it found, which it has corrected unless `dryRun`
   */
  async execute(input: { tenantId: TenantId; dryRun: boolean }): Promise<RollupDifference[]> {
    const { tenantId, dryRun } = input;
    const found = await this.transaction.runFor([tenantId], () => this.ledger.differences(tenantId));
    if (dryRun) return found;
    const corrected = found.length > 0 ? await this.correct(tenantId) : [];
    await this.cache.renew([tenantId]); // also where nothing differed: it is what one reaches for when a day looks odd
    return corrected;
  }

  private correct(tenantId: TenantId): Promise<RollupDifference[]> {
    return this.transaction.runFor([tenantId], async () => {
      await this.ledger.lock();
      const differences = await this.ledger.differences(tenantId); // again: it may have moved before the lock
      await this.ledger.correct(tenantId, differences);
      return differences;
    });
  }
}
