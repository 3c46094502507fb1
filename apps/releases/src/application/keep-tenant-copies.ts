import { Injectable } from '@nestjs/common';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { UnknownTimeZone } from '../domain/release.errors';
import { TenantCopies, TenantCopy } from './tenant-copies';

/** Keeps this context's own copy of the tenants that auth tells of. */
@Injectable()
export class KeepTenantCopies {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly copies: TenantCopies,
  ) {}

  /**
   * Idempotent and indifferent to order: of several revisions the highest stays.
   * @throws UnknownTimeZone: such a change is put aside, or its tenant's releases would have no day any more
   */
  async execute(changes: readonly TenantCopy[]): Promise<void> {
    for (const { timeZone } of changes) if (!isTimeZone(timeZone)) throw new UnknownTimeZone();
    const newest = new Map<TenantId, TenantCopy>();
    for (const change of changes) {
      const other = newest.get(change.tenantId);
      if (!other || other.revision < change.revision) newest.set(change.tenantId, change);
    }
    if (newest.size === 0) return;
    await this.transaction.runFor([...newest.keys()], () => this.copies.keep([...newest.values()]));
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
