import { RawEvent } from '../raw-event.store';

/** Whoever wants to hear of new events. */
export abstract class EventListeners {
  /**
   * Leaves word for each of them, in the open transaction: they hear of these events if it commits. Costs nothing where nobody
   * listens.
   */
  abstract tell(fresh: readonly RawEvent[]): Promise<void>;
}
