import { Injectable } from '@nestjs/common';
import {
  Clock,
  deleteAll,
  expiries,
  Expiry,
  MonthlyPartitions,
  monthsAround,
  ROWS_AT_ONCE,
  TenantTransaction,
  Upkeep,
  UPKEEP_GRACE_MS,
} from '@libs/kernel';
import { ExpiredEvents } from './expired-events';

/** Makes partitions ahead, and lets go what nobody keeps any longer. Two at once do no harm: the second has nothing to do. */
@Injectable()
export class KeepHouse {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly partitions: MonthlyPartitions,
    private readonly expired: ExpiredEvents,
    private readonly clock: Clock,
  ) {}

  /** @param signal stops it between two transactions; the next time goes on */
  async execute(signal?: AbortSignal): Promise<Upkeep> {
    const now = this.clock.now();
    await this.partitions.ensure(monthsAround(now));
    const dropped = await this.partitions.dropExpired();
    const asOf = new Date(now.getTime() - UPKEEP_GRACE_MS);
    const policies = await this.expired.policies();
    let deleted = 0;
    for (const expiry of expiries(policies, (policy) => policy.oldest(asOf))) {
      deleted += await this.deleteRaw(expiry, signal);
      deleted += await this.deleteRollups(expiry, signal);
    }
    deleted += await deleteAll(() => this.expired.deleteDeadLetters(ROWS_AT_ONCE), { signal });
    return { dropped, deleted };
  }

  private deleteRaw({ tenantIds, before }: Expiry, signal?: AbortSignal): Promise<number> {
    const some = () =>
      this.transaction.runFor(tenantIds, async () =>
        (await this.expired.lock()) ? this.expired.deleteRaw(tenantIds, before, ROWS_AT_ONCE) : 0,
      );
    return deleteAll(some, { signal });
  }

  private async deleteRollups({ tenantIds, before }: Expiry, signal?: AbortSignal): Promise<number> {
    if (signal?.aborted) return 0;
    const apps = await this.transaction.runFor(tenantIds, () =>
      this.expired.appsWithDaysBefore(tenantIds, before),
    );
    let total = 0;
    for (const app of apps) {
      const some = () =>
        this.transaction.runFor([app.tenantId], () => this.expired.deleteRollups(app, before, ROWS_AT_ONCE));
      total += await deleteAll(some, { full: 1, signal });
    }
    return total;
  }
}
