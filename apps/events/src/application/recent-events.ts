import { TenantId } from '@libs/kernel';

/** Remembers, for a while and in this process alone, which events went by: a hint, which decides nothing. */
export abstract class RecentEvents {
  abstract has(tenantId: TenantId, eventId: string): boolean;
  /** Only once the log has them. */
  abstract add(tenantId: TenantId, eventIds: readonly string[]): void;
}
