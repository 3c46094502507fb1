import { Injectable } from '@nestjs/common';
import { Clock, TenantId, TenantTransaction } from '@libs/kernel';
import { UPKEEP_GRACE_MS } from '../domain/retention-policy';
import { EventPartitions } from './event-partitions';
import { ExpiredEvents, RETAINED, Retained } from './expired-events';

/** Months that are made ahead: what the collector admits reaches 31 days into the future. */
const MONTHS_AHEAD = 2;
const TENANTS_AT_ONCE = 500;
/** Few enough that a transaction is over in some ten milliseconds. */
const ROWS_AT_ONCE = 2_000;

export interface Upkeep {
  /** Tables dropped. */
  dropped: string[];
  /** Rows deleted because their tenants keep less than others, and dead letters that nobody mended. */
  deleted: number;
}

/** Makes partitions ahead, and lets go what nobody keeps any longer. Two at once do no harm: the second has nothing to do. */
@Injectable()
export class KeepHouse {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly partitions: EventPartitions,
    private readonly expired: ExpiredEvents,
    private readonly clock: Clock,
  ) {}

  /** @param signal stops it between two transactions; the next time goes on */
  async execute(signal?: AbortSignal): Promise<Upkeep> {
    const now = this.clock.now();
    await this.partitions.ensure(monthsAround(now));
    const dropped = await this.partitions.dropExpired();
    let deleted = 0;
    const asOf = new Date(now.getTime() - UPKEEP_GRACE_MS);
    const policies = [...(await this.expired.policies())];
    for (const { name, critical } of RETAINED) {
      const byBound = Map.groupBy(policies, ([, policy]) => policy.oldest(critical, asOf).getTime());
      for (const [bound, tenants] of byBound) {
        const tenantIds = tenants.map(([tenantId]) => tenantId);
        deleted += await this.delete(name, tenantIds, new Date(bound), signal);
      }
    }
    deleted += await this.deleteDeadLetters(signal);
    return { dropped, deleted };
  }

  private async delete(
    what: Retained,
    tenantIds: readonly TenantId[],
    before: Date,
    signal?: AbortSignal,
  ): Promise<number> {
    let total = 0;
    for (let start = 0; start < tenantIds.length; start += TENANTS_AT_ONCE) {
      const some = tenantIds.slice(start, start + TENANTS_AT_ONCE);
      for (let deleted = ROWS_AT_ONCE; deleted === ROWS_AT_ONCE && !signal?.aborted; total += deleted)
        deleted = await this.transaction.runFor(some, async () =>
          (await this.expired.lock()) ? this.expired.delete(what, some, before, ROWS_AT_ONCE) : 0,
        );
    }
    return total;
  }

  private async deleteDeadLetters(signal?: AbortSignal): Promise<number> {
    let total = 0;
    for (let deleted = ROWS_AT_ONCE; deleted === ROWS_AT_ONCE && !signal?.aborted; total += deleted)
      deleted = await this.expired.deleteDeadLetters(ROWS_AT_ONCE);
    return total;
  }
}

function monthsAround(now: Date): Set<string> {
  const months = new Set<string>();
  for (let step = -1; step <= MONTHS_AHEAD; step += 1)
    months.add(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + step)).toISOString().slice(0, 7));
  return months;
}
