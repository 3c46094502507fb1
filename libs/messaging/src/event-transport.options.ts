import { DeadLetter } from './dead-letter';

export interface EventTransportOptions {
  /** The consumer group: each group gets every message, its members share them. */
  group: string;
  /** A handler gets at most this many messages at once, 1,000 by default, and about 1 MiB of them unless one is larger. */
  maxBatch?: number;
  /** Tells an error that will pass (a lost connection): such a batch is retried without end. */
  isTransient?: (error: unknown) => boolean;
  /** After this many failures that will not pass, poison is isolated and dead-lettered; 5 by default. */
  maxAttempts?: number;
  /** Commits dead letters of a topic before their copies go to its dead-letter topic: for whoever redrives. */
  keep?: (topic: string, letters: readonly DeadLetter[]) => Promise<void>;
}
