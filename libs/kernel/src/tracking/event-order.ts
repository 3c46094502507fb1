import { TenantId } from '../ids';

/** What says which event it is: two different ones may have the same id. */
export interface KeyedEvent {
  readonly tenantId: TenantId;
  /** UUID. */
  readonly eventId: string;
  /** The client's clock, RFC 3339 UTC with milliseconds: texts compare like times. */
  readonly timestamp: string;
}

/**
 * Each event once (the first of its key stands), in the order of their keys: two consumers that meet then wait for each other and
 * never in a circle.
 */
export function inKeyOrder<E extends KeyedEvent>(batch: readonly E[]): E[] {
  const byKey = new Map<string, E>();
  for (const event of batch) {
    const key = event.tenantId + event.eventId + event.timestamp;
    if (!byKey.has(key)) byKey.set(key, event);
  }
  // by code unit: what matters is that every consumer has the same order
  return [...byKey.keys()].sort().map((key) => byKey.get(key) as E);
}

/** Whose events they are, each tenant once. */
export function tenantsOf(events: readonly { readonly tenantId: TenantId }[]): TenantId[] {
  return [...new Set(events.map(({ tenantId }) => tenantId))];
}
