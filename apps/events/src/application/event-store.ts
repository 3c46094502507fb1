import { LoggedEvent } from '../domain/tracked-event';
import { Transaction } from '../domain/transaction';

/** A critical event and the transaction that it tells of, where it tells of one. */
export interface CriticalEvent {
  event: LoggedEvent;
  transaction: Transaction | undefined;
}

/** The tables `user_events` and `transactions`, in the open transaction. */
export abstract class EventStore {
  /**
   * Keeps those that are not there yet; (tenant, event id, timestamp) says which event it is. No two of `events` may have the
   * same key, and they come in the order of their keys, so that two sinks cannot lock each other out.
   * @returns how many were new @throws a data fault when one cannot be stored (then none was)
   */
  abstract add(events: readonly CriticalEvent[]): Promise<number>;
}
