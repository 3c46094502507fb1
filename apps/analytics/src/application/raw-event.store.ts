import { RolledEvent } from '../domain/rolled-event';
import { TrackedEvent } from './tracked-event';

/** An event, and what of it reports are made of. */
export interface RawEvent {
  event: TrackedEvent;
  rolled: RolledEvent;
}

/** The table `events`, in the open transaction. */
export abstract class RawEventStore {
  /**
   * Keeps those that are not there yet; (tenant, event id, timestamp) says which event it is. No two of `events` may have the
   * same key, and they come in the order of their keys, so that two consumers cannot lock each other out.
   * @returns those that were new @throws a data fault when one cannot be stored (then none was)
   */
  abstract add(events: readonly RawEvent[]): Promise<readonly RawEvent[]>;
}
