import { TrackedEvent } from './tracked-event';

/**
 * Each event once (the first of its key stands), in the order of their keys: two consumers that meet then wait for each other and
 * never in a circle.
 */
export function inKeyOrder(batch: readonly TrackedEvent[]): TrackedEvent[] {
  const byKey = new Map<string, TrackedEvent>();
  for (const event of batch) {
    const key = event.tenantId + event.eventId + event.timestamp;
    if (!byKey.has(key)) byKey.set(key, event);
  }
  // by code unit: what matters is that every consumer has the same order
  return [...byKey.keys()].sort().map((key) => byKey.get(key) as TrackedEvent);
}
