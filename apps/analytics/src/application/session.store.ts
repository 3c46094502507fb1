import { RolledEvent } from '../domain/rolled-event';
import { AppDay } from './rollup.store';

/** The table `sessions`, in the open transaction, whose applications are locked (RollupStore.lock). */
export abstract class SessionStore {
  /**
   * Adds new events to their visitors' sessions, which they begin, extend or join; in whatever order they come.
   * @returns the days on which sessions began that are other now, each once
   */
  abstract join(events: readonly RolledEvent[]): Promise<readonly AppDay[]>;
}
