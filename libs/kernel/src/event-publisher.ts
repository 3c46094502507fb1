/** A message on its way out; `key` picks the partition (the tenant, by default). */
export interface OutgoingMessage {
  key: string;
  /** The JSON text of an Envelope. */
  value: string;
  headers?: Record<string, string>;
}

/** Appends to the event log (Kafka, or its PostgreSQL twin). */
export abstract class EventPublisher {
  /** Resolves when the log has all of them durably; rejects when it may have none, some or all. */
  abstract publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void>;
}
