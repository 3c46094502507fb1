import { dayAfter, dayAt, offsetAt, QUARTER } from './local-time';

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
  const day = dayAt(end, timeZone);
  const timeOfDay = end + offsetAt(end, timeZone) - Date.parse(day);
  return Array.from({ length: weeks }, (_, week) =>
    instantAt(Date.parse(dayAfter(day, -7 * (week + 1))) + timeOfDay, timeZone),
  );
}

/** @param local what clocks show, as if it were UTC */
function instantAt(local: number, timeZone: string): number {
  // no offset is a day, and clocks change at most once within two
  const [before, after] = [offsetAt(local - DAY, timeZone), offsetAt(local + DAY, timeZone)];
  const first = local - before;
  if (before === after) return floorToQuarter(first);
  const instant = first + offsetAt(first, timeZone) === local ? first : local - after;
  const shown = instant + offsetAt(instant, timeZone) === local ? instant : first;
  return floorToQuarter(shown);
}

function floorToQuarter(instant: number): number {
  return Math.floor(instant / QUARTER) * QUARTER;
}
