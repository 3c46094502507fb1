import { Injectable } from '@nestjs/common';
import { Erasures, TenantId, TenantTransaction } from '@libs/kernel';
import { KeptRejection } from '../../domain/kept-rejection';
import { rejectionTime } from '../../domain/rejection-time';
import { RejectionStore } from './rejection-store';

/** A tenant's store is measured when so many have come: to measure it for each would cost more than to keep them. */
const MEASURED_EVERY = 500;
const MEASURED_BYTES = 4 * 1024 * 1024;
/** Tenants of which it is known how many came; forgetting them only measures sooner. */
const MAX_TENANTS = 10_000;

/** Keeps what the log of rejected events brings: indifferent to order and to repeats, bounded for each tenant. */
@Injectable()
export class KeepRejections {
  private readonly since = new Map<TenantId, { rows: number; bytes: number }>();

  constructor(
    private readonly transaction: TenantTransaction,
    private readonly erasures: Erasures,
    private readonly store: RejectionStore,
  ) {}

  /** @returns how many were new */
  async execute(rejections: readonly KeptRejection[]): Promise<number> {
    if (rejections.length === 0) return 0;
    const full = this.fullOnes(rejections);
    const tenantIds = [...new Set(rejections.map(({ tenantId }) => tenantId))];
    const added = await this.transaction.runFor(tenantIds, async () => {
      // what an erased person did before stays out, though it was refused
      const admitted = await this.erasures.admitted(
        rejections.map((rejection) => ({
          ...rejection,
          // read of erased persons' alone: an event may have 256 KiB
          get occurredAt() {
            return rejectionTime(rejection);
          },
          timestamp: rejection.receivedAt,
        })),
      );
      const count = await this.store.add(admitted);
      if (full.length > 0) await this.store.trim(full);
      return count;
    });
    for (const tenantId of full) this.since.set(tenantId, { rows: 0, bytes: 0 });
    return added;
  }

  /** Tenants that are to be measured, the first time always: another process may have filled their store. */
  private fullOnes(rejections: readonly KeptRejection[]): TenantId[] {
    if (this.since.size > MAX_TENANTS) this.since.clear();
    const full = new Set<TenantId>();
    for (const { tenantId, event } of rejections) {
      const came = this.since.get(tenantId) ?? { rows: MEASURED_EVERY, bytes: 0 };
      came.rows += 1;
      came.bytes += event.length;
      this.since.set(tenantId, came);
      if (came.rows >= MEASURED_EVERY || came.bytes >= MEASURED_BYTES) full.add(tenantId);
    }
    return [...full].sort();
  }
}
