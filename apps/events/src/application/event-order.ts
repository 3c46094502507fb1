import { LoggedEvent } from '../domain/tracked-event';

/**
 * Each event once (the first of its key stands), in the order of their keys: two sinks that meet then wait for each other and
 * never in a circle.
 */
export function inKeyOrder(batch: readonly LoggedEvent[]): LoggedEvent[] {
  const byKey = new Map<string, LoggedEvent>();
  for (const event of batch) {
    const key = event.tenantId + event.eventId + event.timestamp;
    if (!byKey.has(key)) byKey.set(key, event);
  }
  // by code unit: what matters is that every sink has the same order
  return [...byKey.keys()].sort().map((key) => byKey.get(key) as LoggedEvent);
}

export function isoAt(now: Date, offsetMs: number): string {
  return new Date(now.getTime() + offsetMs).toISOString();
}
