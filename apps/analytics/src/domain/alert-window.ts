import { dayAfter, offsetAt, QUARTER, startOfDay } from './local-time';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** What is stored a little late still comes in before its window is judged. */
export const GRACE_MS = MINUTE;
/** So many weeks back one looks for what is usual. */
export const WEEKS = 8;

/** Where the last window ends that is over. */
export function lastEnd(now: number): number {
  return floorToQuarter(now - GRACE_MS);
}

/** When a window may be judged. */
export function dueAt(end: number): Date {
  return new Date(end + GRACE_MS);
}

export function startOf(end: number, windowMinutes: number): number {
  return end - windowMinutes * MINUTE;
}

/**
 * Where the windows of the same local weekday and time of day end in the weeks before, newest first. Every window is as long in
 * real time as this one, whatever the clocks do in it. A time that the clocks skip then is as late after the change; of one that
 * came twice it is the first.
 */
export function endsBefore(end: number, timeZone: string, weeks = WEEKS): number[] {
  const local = end + offsetAt(end, timeZone);
  const timeOfDay = local % DAY;
  const day = new Date(local).toISOString().slice(0, 10);
  return Array.from({ length: weeks }, (_, week) =>
    instantAt(dayAfter(day, -7 * (week + 1)), timeOfDay, timeZone),
  );
}

/** @param timeOfDay what clocks show, in milliseconds since midnight */
function instantAt(day: string, timeOfDay: number, timeZone: string): number {
  const start = startOfDay(day, timeZone);
  if (startOfDay(dayAfter(day), timeZone) - start === DAY) return floorToQuarter(start + timeOfDay);
  // the clocks change on that day
  const local = Date.parse(day) + timeOfDay;
  const first = local - offsetAt(start - 1, timeZone);
  const later = local - offsetAt(start + 2 * DAY, timeZone);
  return floorToQuarter(
    first + offsetAt(first, timeZone) === local ? first : showing(local, later, first, timeZone),
  );
}

function showing(local: number, instant: number, otherwise: number, timeZone: string): number {
  return instant + offsetAt(instant, timeZone) === local ? instant : otherwise;
}

function floorToQuarter(instant: number): number {
  return Math.floor(instant / QUARTER) * QUARTER;
}
