import { holidaysOf } from './brazilian-holidays';
import { dayAfter, dayAt, offsetAt, QUARTER, startOfDay } from './local-time';

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

/**
 * Whether a part of the window, or of the one so many weeks before, lies on a holiday; told by the days alone, as clocks cost more to
 * ask. A window is a day at most, so it is on two.
 */
export function onHoliday(
  end: number,
  windowMinutes: number,
  timeZone: string,
): (weeksBefore: number) => boolean {
  const isHoliday = holidaysOf(timeZone);
  if (!isHoliday) return () => false;
  const local = end + offsetAt(end, timeZone);
  const days = [startOf(local, windowMinutes), local - QUARTER].map((at) =>
    new Date(at).toISOString().slice(0, 10),
  );
  return (weeksBefore) => days.some((day) => isHoliday(dayAfter(day, -7 * weeksBefore)));
}

/**
 * Where windows to compare with end that lie on the last days of rest, Sundays and holidays, as this one lies on one: newest first,
 * eight at most, none longer ago than the weeks. At the same time of day; but for the part of a day-long window on one day of rest and
 * the next there is nothing of the kind but whole days of rest.
 */
export function endsOfRest(end: number, windowMinutes: number, timeZone: string): number[] {
  const isHoliday = holidaysOf(timeZone);
  const rests = (day: string) => new Date(day).getUTCDay() === 0 || isHoliday?.(day) === true;
  // the day that the window ends in, which is over at midnight and not just begun
  const day = dayAt(end - QUARTER, timeZone);
  const begun = dayAt(startOf(end, windowMinutes), timeZone);
  const timeOfDay = end + offsetAt(end, timeZone) - Date.parse(day);
  const whole = windowMinutes * MINUTE === DAY && rests(day) && rests(begun);
  // rest that is over within the window: so it was on each day after one of rest
  const after = rests(day) ? 0 : 1;
  const days = Array.from({ length: 7 * WEEKS }, (_, back) => dayAfter(day, -back - 1 - after));
  return days
    .filter((one) => rests(one) && (after === 0 || !rests(dayAfter(one))))
    .slice(0, WEEKS)
    .map((one) => endOn(dayAfter(one, after), whole ? DAY : timeOfDay, timeZone));
}

/** @param timeOfDay up to a whole day */
function endOn(day: string, timeOfDay: number, timeZone: string): number {
  return timeOfDay < DAY
    ? instantAt(day, timeOfDay, timeZone)
    : instantAt(dayAfter(day), timeOfDay - DAY, timeZone);
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
