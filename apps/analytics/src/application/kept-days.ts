import { Injectable } from '@nestjs/common';
import { Clock, TenantId, TenantTransaction, UPKEEP_GRACE_MS } from '@libs/kernel';
import { ExpiredEvents } from './expired-events';
import { RebuildStore } from './rebuild.store';
import { AppDay } from './rollup.store';

const FIRST = '0001-01-01';
const LAST = '9999-12-31';

export interface WantedDays {
  tenant?: TenantId;
  /** UTC days, both included. */
  from?: string;
  to?: string;
}

/** The days that can be made again: those of which raw events are kept. */
@Injectable()
export class KeptDays {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly expired: ExpiredEvents,
    private readonly store: RebuildStore,
    private readonly clock: Clock,
  ) {}

  /** By tenant, application and day. Days before what a tenant keeps are left to the upkeep: their raw events are going. */
  async all({ tenant, from = FIRST, to = LAST }: WantedDays): Promise<AppDay[]> {
    const asOf = new Date(this.clock.now().getTime() - UPKEEP_GRACE_MS);
    const days: AppDay[] = [];
    for (const [tenantId, retention] of await this.expired.policies()) {
      if (tenant !== undefined && tenantId !== tenant) continue;
      const oldest = retention.oldest(asOf).toISOString().slice(0, 10);
      const since = from > oldest ? from : oldest;
      days.push(...(await this.transaction.runFor([tenantId], () => this.store.days(tenantId, since, to))));
    }
    return days;
  }
}
