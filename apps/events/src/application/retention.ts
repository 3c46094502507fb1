import { TenantId } from '@libs/kernel';

/** How far back a tenant's events are kept, and therefore admitted: what was dropped must never come in again. */
export abstract class Retention {
  /** Events whose `timestamp` is before this are `too_old`. Answers from memory. */
  abstract oldest(tenantId: TenantId, eventType: string, now: Date): Date;
}
