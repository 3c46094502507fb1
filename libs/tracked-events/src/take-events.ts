import { Injectable } from '@nestjs/common';
import { TrackedEventsV1 } from '@libs/contracts';
import { isDataFault } from '@libs/database';
import { StoringOutcome } from '@libs/kernel';
import { logger } from '@libs/logging';
import { Batch, bisect, Poison, willPass } from '@libs/messaging';
import { Arrival, ReceivedEvent, readTrackedEvents } from './read-tracked-events';
import { Refused, RefusedEvents } from './refused-events';
import { StoringMetrics } from './storing-metrics';

/** Events of one transaction: enough that its round trips cost nothing, and few enough to be over in a tenth of a second. */
const MOST = 2_500;
const FEWEST = 500;
/** A part is larger or smaller by so much where an application's events end there. */
const NEARBY = 0.2;
/** Transactions at once: PostgreSQL works on one while the next is prepared. */
const LANES = 2;

const log = logger('tracked-events');

/** What a consumer makes of events. */
export interface Storing {
  /** Whether anything is made of events of this type. */
  wants(eventType: string): boolean;
  /** Stores all of them or none. @returns what became of them, and those that it does not keep */
  execute(events: readonly ReceivedEvent[]): Promise<StoringOutcome<object>>;
}

/**
 * Has the events of a batch stored, in two lanes. It resolves, and so lets the log go on, only when every event of the batch is
 * stored, was stored before, or is told to the log of rejected events; what passes by itself leaves the batch for another try. An
 * event is refused for whatever else it causes, a defect of ours included: nobody's event may hold up, or sink, the others'.
 */
@Injectable()
export class TakeEvents {
  constructor(
    private readonly refusals: RefusedEvents,
    private readonly poison: Poison,
    private readonly metrics: StoringMetrics,
  ) {}

  async take(batch: Batch<TrackedEventsV1>, storing: Storing): Promise<void> {
    const { wanted, unreadable, poison } = readTrackedEvents(batch, (type) => storing.wants(type));
    const refused: Refused[] = unreadable.map((arrival) => ({ ...arrival, code: 'invalid_data' }));
    refused.push(...(await storeInLanes(wanted, storing, this.metrics)));
    await this.refusals.tell(refused);
    await this.poison.setAside(batch.source, poison);
    for (const { code } of refused) this.metrics.refused(code);
  }
}

async function storeInLanes(
  arrivals: readonly Arrival[],
  storing: Storing,
  metrics: StoringMetrics,
): Promise<Refused[]> {
  const ordered = inOrderOfKeys(arrivals);
  const size = Math.min(MOST, Math.max(FEWEST, Math.ceil(arrivals.length / LANES)));
  const refused: Refused[] = [];
  let start = 0;
  const lane = async () => {
    while (start < ordered.length) {
      const part = partOf(ordered, start, size);
      start += part.length;
      refused.push(...(await storePart(part, storing, metrics)));
    }
  };
  // None is left running when the batch is given back.
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  for (const { reason } of lanes.filter((ended) => ended.status === 'rejected')) throw reason;
  return refused;
}

interface Keyed {
  app: string;
  key: string;
  arrival: Arrival;
}

/**
 * By application, then by time: what one lane stores is not what the other one waits for. Of an event that came twice the second
 * insert would wait until the first one's transaction is over, and so would an application's rollups. Events of about the same time
 * change the same rows of what is made of them: together they change them once.
 */
function inOrderOfKeys(arrivals: readonly Arrival[]): Keyed[] {
  const keyed = arrivals.map((arrival) => {
    const { tenantId, appId, eventId, timestamp } = arrival.event;
    const app = tenantId + appId;
    return { app, key: app + timestamp + eventId, arrival };
  });
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** About so many: until an application ends, if one does nearby, and never between two of the same key. */
function partOf(ordered: readonly Keyed[], start: number, size: number): Arrival[] {
  const nearby = Math.floor(size * NEARBY);
  let end = Math.min(start + size, ordered.length);
  for (let off = 0; off <= nearby; off += 1) {
    const ends = [start + size + off, start + size - off].find((at) => endsApp(ordered, at));
    if (ends === undefined) continue;
    end = Math.min(ends, ordered.length);
    break;
  }
  while (end < ordered.length && ordered[end]?.key === ordered[end - 1]?.key) end += 1;
  return ordered.slice(start, end).map(({ arrival }) => arrival);
}

function endsApp(ordered: readonly Keyed[], at: number): boolean {
  return at >= ordered.length || ordered[at]?.app !== ordered[at - 1]?.app;
}

async function storePart(
  arrivals: readonly Arrival[],
  storing: Storing,
  metrics: StoringMetrics,
): Promise<Refused[]> {
  metrics.received(arrivals.length);
  const origins = new Map<object, Arrival>(arrivals.map((arrival) => [arrival.event, arrival]));
  const refused: Refused[] = [];
  const attempt = async (events: readonly ReceivedEvent[]) => {
    const outcome = await storing.execute(events);
    metrics.stored(outcome);
    for (const { event, code } of outcome.refused) refused.push({ ...arrivalOf(origins, event), code });
  };
  const events = arrivals.map(({ event }) => event);
  for (const { row, error } of await bisect(events, attempt, isItsOwn)) {
    refused.push({ ...arrivalOf(origins, row), code: 'invalid_data' });
    noteRefusal(row, error);
  }
  return refused;
}

/** It strikes this event and no other: trying again would not help it, and giving the batch back would harm the rest. */
function isItsOwn(error: unknown): boolean {
  return !willPass(error);
}

function noteRefusal({ eventId, tenantId }: ReceivedEvent, error: unknown): void {
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

function arrivalOf(origins: ReadonlyMap<object, Arrival>, event: object): Arrival {
  const arrival = origins.get(event);
  if (!arrival) throw new Error('the event is not of this batch');
  return arrival;
}
