export interface QueueEntry {
  body: string;
  /** Sent as string attributes. */
  attributes?: Readonly<Record<string, string>>;
}

/** Puts messages on a queue. What callers send at the same time travels together. */
export abstract class QueueSender {
  /**
   * Resolves when the queue has every entry durably.
   * @throws QueueUnavailable when it is away, refuses, or too much is waiting already; some entries may have arrived
   */
  abstract send(queueUrl: string, entries: readonly QueueEntry[]): Promise<void>;
}
