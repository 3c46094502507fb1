import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { TrackedEventsV1, topics } from '@libs/contracts';
import { isDataFault } from '@libs/database';
import { logger } from '@libs/logging';
import { Batch, bisect, EVENT_LOG, willPass, Poison } from '@libs/messaging';
import { StoreEvents } from '../../application/store-events';
import { LoggedEvent } from '../../domain/tracked-event';
import { Arrival, readLoggedEvents } from './read-logged-events';
import { Refused, RefusedEvents } from './refused-events';
import { StoringMetrics } from './storing-metrics';

/** Events of one transaction: enough that its round trips cost nothing, and few enough to be over in a tenth of a second. */
const MOST = 2_500;
const FEWEST = 500;
/** Transactions at once: PostgreSQL works on one while the next is prepared. */
const LANES = 2;

const log = logger('events.sink');

/**
 * Stores what the log brings. It resolves, and so lets the log go on, only when every event of the batch is kept, was kept
 * before, or is told to the log of rejected events; what passes by itself leaves the batch for another try. An event is
 * refused for whatever else it causes, a defect of ours included: nobody's event may hold up, or sink, the others'. Group
 * `events.sink`.
 */
@Controller()
export class StoreOnEvents {
  constructor(
    private readonly store: StoreEvents,
    private readonly refusals: RefusedEvents,
    private readonly poison: Poison,
    private readonly metrics: StoringMetrics,
  ) {}

  @EventPattern(topics.events, EVENT_LOG)
  async handle(@Payload() batch: Batch<TrackedEventsV1>): Promise<void> {
    const { wanted, unreadable, poison } = readLoggedEvents(batch, (type) => this.store.wants(type));
    const refused: Refused[] = unreadable.map((arrival) => ({ ...arrival, code: 'invalid_data' }));
    refused.push(...(await this.keepAll(wanted)));
    await this.refusals.tell(refused);
    await this.poison.setAside(batch.source, poison);
    for (const { code } of refused) this.metrics.refused(code);
  }

  private async keepAll(arrivals: readonly Arrival[]): Promise<Refused[]> {
    const size = Math.min(MOST, Math.max(FEWEST, Math.ceil(arrivals.length / LANES)));
    const refused: Refused[] = [];
    let start = 0;
    const lane = async () => {
      while (start < arrivals.length) {
        const part = arrivals.slice(start, start + size);
        start += size;
        refused.push(...(await this.keep(part)));
      }
    };
    // None is left running when the batch is given back.
    const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
    for (const { reason } of lanes.filter((ended) => ended.status === 'rejected')) throw reason;
    return refused;
  }

  private async keep(arrivals: readonly Arrival[]): Promise<Refused[]> {
    this.metrics.received(arrivals.length);
    const origins = new Map(arrivals.map((arrival) => [arrival.event, arrival]));
    const refused: Refused[] = [];
    const attempt = async (events: readonly LoggedEvent[]) => {
      const outcome = await this.store.execute(events);
      this.metrics.stored(outcome);
      for (const { event, code } of outcome.refused) refused.push({ ...arrivalOf(origins, event), code });
    };
    for (const { row, error } of await bisect([...origins.keys()], attempt, isItsOwn)) {
      refused.push({ ...arrivalOf(origins, row), code: 'invalid_data' });
      noteRefusal(row, error);
    }
    return refused;
  }
}

/** It strikes this event and no other: trying again would not help it, and giving the batch back would harm the rest. */
function isItsOwn(error: unknown): boolean {
  return !willPass(error);
}

function noteRefusal({ eventId, tenantId }: LoggedEvent, error: unknown): void {
  // the state alone: PostgreSQL's messages quote what they refuse
  const { code, constraint } = error as { code?: string; constraint?: string };
  const which = { eventId, tenantId };
  if (isDataFault(error)) log.warn({ ...which, sqlState: code, constraint }, 'event not stored');
  else
    log.error(
      { ...which, err: error },
      'event not stored, by a defect of ours; it can be replayed once mended',
    );
}

function arrivalOf(origins: ReadonlyMap<LoggedEvent, Arrival>, event: LoggedEvent): Arrival {
  const arrival = origins.get(event);
  if (!arrival) throw new Error(`event ${event.eventId} is not of this batch`);
  return arrival;
}
