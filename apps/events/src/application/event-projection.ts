import { LoggedEvent } from '../domain/tracked-event';

/**
 * Makes something of events, inside the one transaction of a batch: reads and writes through SqlSession, joins what is open.
 * A batch may hold repeats, events of many tenants and any order, and may come again as a whole: a unique key
 * (tenant_id, event_id, timestamp) decides.
 */
export abstract class EventProjection {
  /** Whether it wants events of this type. */
  abstract wants(eventType: string): boolean;
  /** All wanted ones of a batch in as few statements as can be. */
  abstract apply(events: readonly LoggedEvent[]): Promise<void>;
}
