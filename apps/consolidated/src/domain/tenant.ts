import { BusinessDate, DEFAULT_TIME_ZONE, isUuid, TenantId } from '@libs/kernel';
import { ImpossibleTenant, TenantSuspended } from './consolidation.errors';

/** This context's own copy of a tenant: what a civil day needs, and whether it may be read at all. */
export class Tenant {
  private constructor(
    readonly id: TenantId,
    readonly timeZone: string,
    readonly status: 'active' | 'suspended',
    readonly revision: number,
  ) {}

  /** @throws ImpossibleTenant for an unknown time zone, status or revision */
  static of(claim: { id: unknown; timeZone: unknown; status: unknown; revision: unknown }): Tenant {
    const { id, timeZone, status, revision } = claim;
    if (!isUuid(id)) throw new ImpossibleTenant('tenantId is not a UUID');
    if (!isTimeZone(timeZone)) throw new ImpossibleTenant('timeZone is not an IANA name');
    if (status !== 'active' && status !== 'suspended') throw new ImpossibleTenant('status is unknown');
    if (!Number.isSafeInteger(revision) || (revision as number) < 0)
      throw new ImpossibleTenant('revision is not a count');
    return new Tenant(id as TenantId, timeZone, status, revision as number);
  }

  /** Before auth's first message about it arrives. */
  static unknown(id: TenantId): Tenant {
    return new Tenant(id, DEFAULT_TIME_ZONE, 'active', 0);
  }

  /** @throws TenantSuspended */
  mustBeActive(): this {
    if (this.status === 'suspended') throw new TenantSuspended();
    return this;
  }

  dayOf(instant: Date): BusinessDate {
    return BusinessDate.of(instant, this.timeZone);
  }

  /** Whole seconds, rounded down, for which `instant`'s civil day still lasts: 23, 24 or 25 hours at its start. */
  secondsLeftInDay(instant: Date): number {
    const today = this.dayOf(instant);
    let low = 0;
    let high = 48 * 3600;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.dayOf(new Date(instant.getTime() + middle * 1000)).equals(today)) low = middle;
      else high = middle;
    }
    return low;
  }
}

function isTimeZone(value: unknown): value is string {
  if (typeof value !== 'string' || value.length === 0) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).format(0) !== '';
  } catch (error) {
    if (error instanceof RangeError) return false; // Intl's way to say "no such zone"
    throw error;
  }
}
