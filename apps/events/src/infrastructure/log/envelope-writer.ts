import { Clock } from '@libs/kernel';
import { Reception } from '../../application/delivery';
import { LogEntries } from '../../application/event-judge';
import { LogEntryWriter, RejectedEvent } from '../../application/event-log';
import { TrackedEvent } from '../../domain/tracked-event';
import { eventMessages, Origin, rejectionMessages } from './log-messages';

/** Writes the envelopes of the topics `events` and `events-errors`. */
export class EnvelopeWriter extends LogEntryWriter {
  constructor(private readonly clock: Clock) {
    super();
  }

  write(
    { tenantId, requestId, traceparent }: Reception,
    accepted: readonly TrackedEvent[],
    rejected: readonly RejectedEvent[],
  ): LogEntries {
    const occurredAt = this.clock.now().toISOString();
    const origin: Origin = { tenantId, occurredAt, requestId, traceparent };
    return {
      events: accepted.length > 0 ? eventMessages(origin, accepted) : [],
      errors: rejected.length > 0 ? rejectionMessages(origin, rejected) : [],
    };
  }
}
