import { Envelope } from '@libs/contracts';

export interface QueueTransportOptions {
  /** The pattern its handler names: `@EventPattern(queues.releases.name, QUEUE)`. */
  queue: string;
  queueUrl: string;
  /** How many rows a message carries; 1 by default. */
  rowsOf?: (envelope: Envelope) => number;
  /** Long polls under way at once while receives come back full; 4 by default. Otherwise one keeps watch. */
  longPolls?: number;
  /** How long a poll waits for a first message; 20, the most SQS allows, by default. */
  waitSeconds?: number;
  /** A batch leaves for the handler with this many rows … (500) */
  maxRows?: number;
  /** … or this long after its first message (50 ms). */
  maxWaitMs?: number;
  /** How long a received message stays invisible; extended while it is held. 60 by default. */
  visibilitySeconds?: number;
  /** How long a message that failed stays away after its n-th receive; 1, 2, 4 … 60 s by default. */
  backoffSeconds?: (receives: number) => number;
  /** Where malformed messages go at once; without it the queue's own redrive moves them after its receives. */
  deadLetterUrl?: string;
  /** Tells an error that will pass: such a batch is held and retried here, and costs no receives. */
  isTransient?: (error: unknown) => boolean;
}
