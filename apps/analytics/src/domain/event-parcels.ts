import { Subscription, TenantId, wants } from '@libs/kernel';

/** An event that is new, as far as this must know it. */
export interface NewEvent {
  tenantId: TenantId;
  appId: string;
  eventType: string;
  eventId: string;
  timestamp: string;
}

/** What says which event it is. */
export type EventKey = readonly [eventId: string, timestamp: string];

/** What a webhook is told at once: events of one application, named and not copied. */
export interface EventParcel {
  tenantId: TenantId;
  webhookId: string;
  appId: string;
  keys: EventKey[];
}

export const MOST_EVENTS = 100;
/** As text, roughly: receivers rarely take more than 1 MiB, and one event alone may have 256 KiB. */
export const MOST_WEIGHT = 256 * 1024;

/** @param weightOf asked only of what somebody wants to hear of */
export function eventParcels<E extends NewEvent>(
  events: readonly E[],
  listenersOf: (tenantId: TenantId) => readonly Subscription[],
  weightOf: (event: E) => number,
): EventParcel[] {
  const parcels: EventParcel[] = [];
  for (const [tenantId, ofTenant] of Map.groupBy(events, (event) => event.tenantId)) {
    const listeners = listenersOf(tenantId);
    if (listeners.length === 0) continue;
    const weights = new Map<E, number>();
    const weigh = (event: E): number => {
      const weight = weights.get(event) ?? weightOf(event);
      weights.set(event, weight);
      return weight;
    };
    for (const [appId, ofApp] of Map.groupBy(ofTenant, (event) => event.appId))
      for (const listener of listeners) {
        const wanted = ofApp.filter(({ eventType }) => wants(listener, `event.${eventType}`, appId));
        for (const keys of packed(wanted, weigh))
          parcels.push({ tenantId, webhookId: listener.webhookId, appId, keys });
      }
  }
  return parcels;
}

function* packed<E extends NewEvent>(
  events: readonly E[],
  weightOf: (event: E) => number,
): Generator<EventKey[]> {
  let keys: EventKey[] = [];
  let weight = 0;
  for (const event of events) {
    const more = weightOf(event);
    if (keys.length === MOST_EVENTS || (keys.length > 0 && weight + more > MOST_WEIGHT)) {
      yield keys;
      [keys, weight] = [[], 0];
    }
    keys.push([event.eventId, event.timestamp]);
    weight += more;
  }
  if (keys.length > 0) yield keys;
}
