import { Injectable } from '@nestjs/common';
import { topics } from '@libs/contracts';
import {
  Clock,
  DomainError,
  EventPublisher,
  failpoint,
  newId,
  OutgoingMessage,
  requestContext,
  TenantId,
} from '@libs/kernel';
import { logger } from '@libs/logging';
import { EventLog, RejectedEvent } from '../../application/event-log';
import { EventLogUnavailable } from '../../domain/collect.errors';
import { TrackedEvent } from '../../domain/tracked-event';
import { eventMessages, Origin, rejectionMessages } from './log-messages';
import { LogQueue } from './log-queue';

const log = logger('events');

/** Hands events to the publisher, which is bounded by bytes; whoever waits for it is bounded by time. */
@Injectable()
export class PublishedEventLog extends EventLog {
  constructor(
    private readonly publisher: EventPublisher,
    private readonly clock: Clock,
    private readonly queue: LogQueue,
  ) {
    super();
  }

  async append(
    tenantId: TenantId,
    accepted: readonly TrackedEvent[],
    rejected: readonly RejectedEvent[],
  ): Promise<void> {
    const { requestId = newId(), traceparent } = requestContext.current() ?? {};
    const origin: Origin = {
      tenantId,
      occurredAt: this.clock.now().toISOString(),
      requestId,
      traceparent,
    };
    failpoint('collector.before-append');
    const events = accepted.length > 0 ? eventMessages(origin, accepted) : [];
    const errors = rejected.length > 0 ? rejectionMessages(origin, rejected) : [];
    try {
      await this.queue.wait(this.publish(tenantId, events, errors));
      failpoint('collector.after-append');
    } catch (error) {
      // The publisher speaks for itself where it knows what is wrong.
      if (error instanceof DomainError) throw error;
      log.warn({ err: error }, 'the event log did not take events');
      throw new EventLogUnavailable(error);
    }
  }

  /** Held together: what has no room for its rejections must not be half accepted. */
  private publish(
    tenantId: TenantId,
    events: readonly OutgoingMessage[],
    errors: readonly OutgoingMessage[],
  ): Promise<void> {
    if (errors.length === 0)
      return this.queue.hold(tenantId, events, () => this.publisher.publish(topics.events, events));
    return this.queue.hold(tenantId, [...events, ...errors], async () => {
      // Events first: should only one find room, they are known again when they are sent again.
      const parts = events.length > 0 ? [this.publisher.publish(topics.events, events)] : [];
      parts.push(this.publisher.publish(topics.eventsErrors, errors));
      // Held until both are settled, whatever becomes of one.
      const settled = await Promise.allSettled(parts);
      for (const part of settled) if (part.status === 'rejected') throw part.reason;
    });
  }
}
