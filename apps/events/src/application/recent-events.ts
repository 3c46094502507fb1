import { TenantId } from '@libs/kernel';

/** Remembers, for a while and in this process alone, which events went by: a hint, which decides nothing. */
export abstract class RecentEvents {
  /** Whether it was seen lately; from now on it was. To be asked only once the log has the event. */
  abstract seen(tenantId: TenantId, eventId: string): boolean;
}
