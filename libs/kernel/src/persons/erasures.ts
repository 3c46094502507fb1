import { TenantId } from '../ids';

/** What tells of a person. */
export interface OfPerson {
  readonly tenantId: TenantId;
  readonly userId?: string;
  /** When it was done by our clock, RFC 3339 UTC with milliseconds. */
  readonly occurredAt: string;
  /** The same as the client says. */
  readonly timestamp: string;
}

/**
 * A client's clock that is further behind than this is wrong, and ours is believed. Up to it the difference may as well be a wrong
 * `sent_at`, which would carry over the erasure what was done before: then the client's own time counts, too. That keeps out
 * what an erased person does within so much after the erasure by a slow clock, and nothing later.
 */
export const DOUBTFUL_SKEW_MS = 15 * 60_000;

/** Whether it was done until then, in case of doubt. Times are canonical: their texts compare like they do. */
export function doneUntil({ occurredAt, timestamp }: OfPerson, until: string): boolean {
  if (occurredAt <= until) return true;
  return timestamp <= until && Date.parse(occurredAt) - Date.parse(timestamp) <= DOUBTFUL_SKEW_MS;
}

/** Keeps out what erased persons did until they were erased, however late it comes or is sent again. */
export abstract class Erasures {
  /**
   * Those of `events` that may be stored. Inside the transaction of their batch and before it writes anything: from here to
   * its commit no new erasure passes by it.
   */
  abstract admitted<E extends OfPerson>(events: readonly E[]): Promise<readonly E[]>;
}
