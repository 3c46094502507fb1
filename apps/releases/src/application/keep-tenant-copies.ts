import { Injectable } from '@nestjs/common';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { TenantCopies, TenantCopy } from './tenant-copies';

/** Keeps this context's own copy of the tenants that auth tells of. */
@Injectable()
export class KeepTenantCopies {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly copies: TenantCopies,
  ) {}

  /** Idempotent and indifferent to order: of several revisions the highest stays. */
  async execute(changes: readonly TenantCopy[]): Promise<void> {
    const newest = new Map<TenantId, TenantCopy>();
    for (const change of changes) {
      const other = newest.get(change.tenantId);
      if (!other || other.revision < change.revision) newest.set(change.tenantId, change);
    }
    if (newest.size === 0) return;
    await this.transaction.runFor([...newest.keys()], () => this.copies.keep([...newest.values()]));
  }
}
