import { DeadLetter } from './dead-letter';

export interface EventTransportOptions {
  /** The consumer group: each group gets every message, its members share them. */
  group: string;
  /** A handler gets at most this many messages at once; 1,000 by default. */
  maxBatch?: number;
  /** And about so many characters of them, unless one message is larger; 1 Mi by default. */
  maxBatchSize?: number;
  /**
   * Where reading caught up with the log, what follows gathers for so long: fewer and larger batches for a consumer that nobody
   * waits for. 0 by default; Kafka's fetches gather by themselves.
   */
  gatherMs?: number;
  /** Tells an error that will pass (a lost connection): such a batch is retried without end. */
  isTransient?: (error: unknown) => boolean;
  /** After this many failures that will not pass, poison is isolated and dead-lettered; 5 by default. */
  maxAttempts?: number;
  /** Commits dead letters of a topic before their copies go to its dead-letter topic: for whoever redrives. */
  keep?: (topic: string, letters: readonly DeadLetter[]) => Promise<void>;
}
