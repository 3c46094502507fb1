import { Injectable } from '@nestjs/common';
import { Clock, TenantId } from '@libs/kernel';
import { parseInstant, timeRefusal } from '../domain/event-time';
import { Rejection } from '../domain/tracked-event';
import { Delivery, MAX_EVENT_BYTES, Sender } from './delivery';
import { EnrichEvents } from './enrich-events';
import { EventLog } from './event-log';
import { EventReader, isRejection } from './event-reader';
import { Gathering } from './gathering';
import { RecentEvents } from './recent-events';
import { Retention } from './retention';
import { turns } from './turns';

export interface Collected {
  accepted: number;
  /** Of the accepted ones, how many were seen lately: a hint, nothing was dropped. */
  duplicates: number;
  rejected: readonly Rejection[];
}

/**
 * Takes events into the log, each for itself: a bad one never sinks its batch. What is refused goes to the log of rejected
 * events with the reason.
 */
@Injectable()
export class CollectEvents {
  constructor(
    private readonly reader: EventReader,
    private readonly retention: Retention,
    private readonly enrich: EnrichEvents,
    private readonly recent: RecentEvents,
    private readonly log: EventLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Resolves once the log has all of them durably, the refused ones too.
   * @throws EventLogUnavailable and what else the log throws: then perhaps some are in it, and all may be sent again
   */
  async execute(sender: Sender, delivery: Delivery): Promise<Collected> {
    const gathering = new Gathering(sender, delivery, delivery.receivedAt ?? this.clock.now());
    const mayYield = turns();
    for (let index = 0; index < delivery.events.length; index += 1) {
      this.take(gathering, index);
      // What one request costs must not hold up the others.
      const turn = mayYield();
      if (turn) await turn;
    }
    if (gathering.pending.length > 0) await Promise.all(gathering.pending);
    const { accepted, rejected } = gathering;
    await this.log.append(sender.tenantId, accepted, delivery.replayed ? [] : rejected);
    return {
      accepted: accepted.length,
      duplicates: this.seen(sender.tenantId, gathering),
      rejected: gathering.verdicts,
    };
  }

  private take(gathering: Gathering, index: number): void {
    const { sender, delivery, receivedAt, receivedMs } = gathering;
    if (gathering.isTooLarge(index)) {
      this.refuse(gathering, {
        index,
        code: 'event_too_large',
        message: `One event has at most ${MAX_EVENT_BYTES / 1024} KiB.`,
      });
      return;
    }
    const told = this.reader.read(delivery.events[index], index, delivery.source);
    if (isRejection(told)) {
      this.refuse(gathering, told);
      return;
    }
    const { eventId, eventType } = told;
    const timestamp = parseInstant(told.timestamp);
    const oldest = this.retention.oldest(sender.tenantId, eventType, receivedAt);
    const refusal = timeRefusal(timestamp, receivedMs, oldest.getTime());
    if (refusal) {
      this.refuse(gathering, { index, eventId, eventType, code: refusal, message: MESSAGES[refusal] });
      return;
    }
    this.enrich.add(gathering, told, timestamp);
  }

  private refuse(gathering: Gathering, verdict: Rejection): void {
    gathering.refuse(verdict, this.enrich.personNamed(gathering, verdict.index));
  }

  /** Told after the log has them: a crash in between loses a hint, never an event. */
  private seen(tenantId: TenantId, { accepted }: Gathering): number {
    let duplicates = 0;
    for (const { eventId } of accepted) if (this.recent.seen(tenantId, eventId)) duplicates += 1;
    return duplicates;
  }
}

const MESSAGES = {
  too_old: 'timestamp: is older than events are kept.',
  timestamp_in_future: 'timestamp: is more than 31 days ahead of our clock.',
};
