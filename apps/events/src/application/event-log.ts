import { TenantId } from '@libs/kernel';
import { EventSource, Rejection, TrackedEvent } from '../domain/tracked-event';

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

/** The log that the sinks and analytics read. */
export abstract class EventLog {
  /**
   * Resolves when the log has all of them durably.
   * @throws EventLogFull, EventLogUnavailable (503) when it has perhaps none, some or all
   */
  abstract append(
    tenantId: TenantId,
    accepted: readonly TrackedEvent[],
    rejected: readonly RejectedEvent[],
  ): Promise<void>;
}
