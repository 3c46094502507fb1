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
    const parts: Promise<void>[] = [];
    if (accepted.length > 0)
      parts.push(this.publish(tenantId, topics.events, eventMessages(origin, accepted)));
    if (rejected.length > 0)
      parts.push(this.publish(tenantId, topics.eventsErrors, rejectionMessages(origin, rejected)));
    try {
      await this.queue.wait(parts.length === 1 ? (parts[0] as Promise<void>) : Promise.all(parts));
      failpoint('collector.after-append');
    } catch (error) {
      // The publisher speaks for itself where it knows what is wrong.
      if (error instanceof DomainError) throw error;
      log.warn({ err: error }, 'the event log did not take events');
      throw new EventLogUnavailable(error);
    }
  }

  private publish(tenantId: TenantId, topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    return this.queue.hold(tenantId, messages, () => this.publisher.publish(topic, messages));
  }
}
