import { TenantId } from '../ids';
import { KeyedEvent, tenantsOf } from './event-order';

const DAY_MS = 86_400_000;
/** What a consumer still takes beyond what the collector admits: an event may wait this long in the log. */
const ADMISSION_GRACE_MS = 7 * DAY_MS;
/** What is kept beyond what a consumer takes: a clock that is set back must not let in what was dropped. */
export const UPKEEP_GRACE_MS = ADMISSION_GRACE_MS + DAY_MS;
/** Nobody keeps events for less than a calendar month, so for younger ones no policy need be asked. */
const ALWAYS_KEPT_MS = 27 * DAY_MS;
/** The collector admits 31 days; clocks of two machines are never a day apart. */
const MAX_AHEAD_MS = 32 * DAY_MS;

/** An event that is not kept though the log has it. */
export interface RefusedEvent<E> {
  event: E;
  code: 'too_old' | 'timestamp_in_future';
}

/** What became of a batch of events. */
export interface StoringOutcome<E = unknown> {
  /** Events that were new, of those that are kept one by one. */
  stored: number;
  /** Had been stored before, or came twice in the batch. */
  duplicates: number;
  /** Kept out because the person was erased. */
  erased: number;
  refused: RefusedEvent<E>[];
}

/** Events before this are not kept: so many whole calendar months (UTC) before the current one, and nothing from before `keptFrom`. */
export function oldestKept(months: number, keptFrom: Date, now: Date): Date {
  const byMonths = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months);
  return byMonths > keptFrom.getTime() ? new Date(byMonths) : keptFrom;
}

/**
 * Tells events of a time that the collector would not admit either from the others.
 * @param oldestOf what is kept as of then, by event: an earlier timestamp is too old. Asked only when it can matter, and outside a
 * transaction
 */
export async function inTime<E extends KeyedEvent>(
  events: readonly E[],
  now: Date,
  oldestOf: (tenantIds: readonly TenantId[], asOf: Date) => Promise<(event: E) => Date>,
): Promise<{ admissible: readonly E[]; refused: RefusedEvent<E>[] }> {
  const [young, latest] = [isoAt(now, -ALWAYS_KEPT_MS), isoAt(now, MAX_AHEAD_MS)];
  if (events.every(({ timestamp }) => timestamp >= young && timestamp <= latest))
    return { admissible: events, refused: [] };
  const oldest = await oldestOf(tenantsOf(events), new Date(now.getTime() - ADMISSION_GRACE_MS));
  const admissible: E[] = [];
  const refused: RefusedEvent<E>[] = [];
  for (const event of events)
    if (event.timestamp > latest) refused.push({ event, code: 'timestamp_in_future' });
    else if (event.timestamp < oldest(event).toISOString()) refused.push({ event, code: 'too_old' });
    else admissible.push(event);
  return { admissible, refused };
}

function isoAt(now: Date, offsetMs: number): string {
  return new Date(now.getTime() + offsetMs).toISOString();
}
