import { Injectable } from '@nestjs/common';
import { Clock, TenantId, TenantTransaction } from '@libs/kernel';
import { UPKEEP_GRACE_MS } from '../domain/retention';
import { EventPartitions } from './event-partitions';
import { ExpiredEvents } from './expired-events';

/** Months that are made ahead: what the collector admits reaches 31 days into the future. */
const MONTHS_AHEAD = 2;
const TENANTS_AT_ONCE = 500;
/** Few enough that a transaction is over in some ten milliseconds. */
const ROWS_AT_ONCE = 2_000;

export interface Upkeep {
  /** Tables dropped. */
  dropped: string[];
  /** Rows deleted because their tenants keep less than others, what was made of them, and dead letters that nobody mended. */
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
    const asOf = new Date(now.getTime() - UPKEEP_GRACE_MS);
    const policies = [...(await this.expired.policies())];
    let deleted = 0;
    for (const [bound, tenants] of Map.groupBy(policies, ([, policy]) => policy.oldest(asOf).getTime()))
      for (let start = 0; start < tenants.length && !signal?.aborted; start += TENANTS_AT_ONCE) {
        const tenantIds = tenants.slice(start, start + TENANTS_AT_ONCE).map(([tenantId]) => tenantId);
        const before = new Date(bound);
        deleted += await this.deleteRaw(tenantIds, before, signal);
        deleted += await this.deleteRollups(tenantIds, before, signal);
      }
    deleted += await repeated(signal, () => this.expired.deleteDeadLetters(ROWS_AT_ONCE), ROWS_AT_ONCE);
    return { dropped, deleted };
  }

  private deleteRaw(tenantIds: readonly TenantId[], before: Date, signal?: AbortSignal): Promise<number> {
    const some = () =>
      this.transaction.runFor(tenantIds, async () =>
        (await this.expired.lock()) ? this.expired.deleteRaw(tenantIds, before, ROWS_AT_ONCE) : 0,
      );
    return repeated(signal, some, ROWS_AT_ONCE);
  }

  private async deleteRollups(
    tenantIds: readonly TenantId[],
    before: Date,
    signal?: AbortSignal,
  ): Promise<number> {
    const apps = await this.transaction.runFor(tenantIds, () =>
      this.expired.appsWithDaysBefore(tenantIds, before),
    );
    let total = 0;
    for (const app of apps)
      total += await repeated(signal, () =>
        this.transaction.runFor([app.tenantId], () => this.expired.deleteRollups(app, before, ROWS_AT_ONCE)),
      );
    return total;
  }
}

/** Until less than `full` is deleted at once. */
async function repeated(
  signal: AbortSignal | undefined,
  deleteSome: () => Promise<number>,
  full = 1,
): Promise<number> {
  let total = 0;
  for (let deleted = full; deleted >= full && !signal?.aborted; total += deleted)
    deleted = await deleteSome();
  return total;
}

function monthsAround(now: Date): Set<string> {
  const months = new Set<string>();
  for (let step = -1; step <= MONTHS_AHEAD; step += 1)
    months.add(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + step)).toISOString().slice(0, 7));
  return months;
}
