import { Injectable } from '@nestjs/common';
import { Clock, newId, requestContext } from '@libs/kernel';
import { Rejection } from '../domain/tracked-event';
import { Countries } from './countries';
import { Delivery, EventBody, Reception, Sender } from './delivery';
import { EventJudge } from './event-judge';
import { EventLog } from './event-log';
import { RecentEvents } from './recent-events';
import { Retention } from './retention';

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
    private readonly retention: Retention,
    private readonly countries: Countries,
    private readonly judge: EventJudge,
    private readonly log: EventLog,
    private readonly recent: RecentEvents,
    private readonly clock: Clock,
  ) {}

  /**
   * Resolves once the log has all of them durably, the refused ones too.
   * @throws what a body is that is no delivery (EventJudge); EventLogUnavailable and what else the log throws: then perhaps some
   * are in it, and all may be sent again
   */
  async execute(sender: Sender, given: EventBody | Delivery): Promise<Collected> {
    const { tenantId } = sender;
    const { entries, accepted, rejected } = await this.judge.judge(this.reception(sender, given), given);
    await this.log.append(tenantId, entries);
    // Told after the log has them: a crash in between loses a hint, never an event.
    let duplicates = 0;
    for (const eventId of accepted) if (this.recent.seen(tenantId, eventId)) duplicates += 1;
    return { accepted: accepted.length, duplicates, rejected };
  }

  private reception(sender: Sender, given: EventBody | Delivery): Reception {
    const receivedAt = ('receivedAt' in given && given.receivedAt) || this.clock.now();
    const { requestId = newId(), traceparent } = requestContext.current() ?? {};
    return {
      ...sender,
      receivedMs: receivedAt.getTime(),
      country: sender.ip === undefined ? undefined : this.countries.of(sender.ip),
      oldest: this.retention.oldest(sender.tenantId, receivedAt),
      requestId,
      traceparent,
    };
  }
}
