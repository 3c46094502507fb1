import { LoggedEvent } from '../domain/tracked-event';

/** What tells of a person, and when it was done. */
export type OfPerson = Pick<LoggedEvent, 'tenantId' | 'userId' | 'occurredAt'>;

/** Keeps out what erased persons did until they were erased, however late it comes or is sent again. */
export abstract class Erasures {
  /**
   * Those of `events` that may be stored. Inside the transaction of their batch and before it writes anything: from here to
   * its commit no new erasure passes by it.
   */
  abstract admitted<E extends OfPerson>(events: readonly E[]): Promise<readonly E[]>;
}
