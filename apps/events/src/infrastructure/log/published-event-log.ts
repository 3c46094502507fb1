import { Injectable } from '@nestjs/common';
import { topics } from '@libs/contracts';
import { DomainError, EventPublisher, failpoint, TenantId } from '@libs/kernel';
import { logger } from '@libs/logging';
import { LogEntries } from '../../application/event-judge';
import { EventLog } from '../../application/event-log';
import { EventLogUnavailable } from '../../domain/collect.errors';
import { LogQueue } from './log-queue';

const log = logger('events');

/** Hands events to the publisher, which is bounded by bytes; whoever waits for it is bounded by time. */
@Injectable()
export class PublishedEventLog extends EventLog {
  constructor(
    private readonly publisher: EventPublisher,
    private readonly queue: LogQueue,
  ) {
    super();
  }

  async append(tenantId: TenantId, entries: LogEntries): Promise<void> {
    failpoint('collector.before-append');
    try {
      await this.queue.wait(this.publish(tenantId, entries));
      failpoint('collector.after-append');
    } catch (error) {
      // The publisher speaks for itself where it knows what is wrong.
      if (error instanceof DomainError) throw error;
      log.warn({ err: error }, 'the event log did not take events');
      throw new EventLogUnavailable(error);
    }
  }

  /** Held together: what has no room for its rejections must not be half accepted. */
  private publish(tenantId: TenantId, { events, errors }: LogEntries): Promise<void> {
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
