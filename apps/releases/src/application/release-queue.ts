import { Release } from '../domain/release';

/** The way from the accepting API to the posting worker. Both resolve only when the queue has everything durably. */
export abstract class ReleaseQueue {
  /** Packed with other releases of its tenant that arrive within milliseconds. @throws QueueUnavailable */
  abstract put(release: Release): Promise<void>;

  /** Releases of one tenant, packed at once. @throws QueueUnavailable, when none, some or all may be queued */
  abstract putAll(releases: readonly Release[]): Promise<void>;
}
