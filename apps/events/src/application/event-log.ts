import { TenantId } from '@libs/kernel';
import { EventSource, Rejection, TrackedEvent } from '../domain/tracked-event';
import { Reception } from './delivery';
import { LogEntries } from './event-judge';

/** A rejection with the event itself, as JSON text freed of personal data. */
export interface RejectedEvent extends Rejection {
  event: string;
  source: EventSource;
  appId: string;
  receivedAt: string;
  /** Whom it is about; a pseudonym where that is personal data. */
  userId?: string;
  sentAt?: string;
}

/** Turns judged events into messages of the log. */
export abstract class LogEntryWriter {
  abstract write(
    reception: Reception,
    accepted: readonly TrackedEvent[],
    rejected: readonly RejectedEvent[],
  ): LogEntries;
}

/** The log that the sinks and analytics read. */
export abstract class EventLog {
  /**
   * Resolves when the log has all of them durably.
   * @throws EventLogFull, EventLogUnavailable (503) when it has perhaps none, some or all
   */
  abstract append(tenantId: TenantId, entries: LogEntries): Promise<void>;
}
