import { TenantId } from '@libs/kernel';

/** How far back a tenant's events are kept, and therefore admitted: what was dropped must never come in again. */
export abstract class Retention {
  /** Events whose `timestamp` is before these are `too_old`, in milliseconds of the epoch. Answers from memory. */
  abstract oldest(tenantId: TenantId, now: Date): { critical: number; other: number };
}
