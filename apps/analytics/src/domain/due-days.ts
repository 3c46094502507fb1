import { dayAfter, startOfDay } from './local-time';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** What is stored a little late still comes in before its hour is made. */
const LATE_MS = 60_000;
/** Of a day of the past, so long nothing has changed. */
const QUIET_MS = 5_000;
/** Of the last days, which always change: so often they are looked at. */
export const LOOK_AGAIN_MS = 60_000;

/** A UTC day that something was rolled up for. */
export interface TouchedDay {
  day: string;
  seq: bigint;
  changedAt: Date;
}

export interface BuiltDay {
  day: string;
  end: Date;
  seq: bigint;
}

/** A local day to be made, as far as it is over. */
export interface DueDay {
  day: string;
  start: Date;
  end: Date;
  /** So far, in the order of commits, its UTC days had come. */
  seq: bigint;
  /** It shares a UTC day with what comes in now: only its quarters tell whether it changed. */
  recent: boolean;
}

/** Which local days are to be made, again or at all; oldest first. */
export function dueDays(
  touched: readonly TouchedDay[],
  built: readonly BuiltDay[],
  timeZone: string,
  now: Date,
): DueDay[] {
  const seen = new Map(touched.map((day) => [day.day, day]));
  const known = new Map(built.map((day) => [day.day, day]));
  const over = Math.floor((now.getTime() - LATE_MS) / HOUR) * HOUR;
  const due: DueDay[] = [];
  for (const day of localDays(touched)) {
    const start = startOfDay(day, timeZone);
    const end = Math.min(startOfDay(dayAfter(day), timeZone), over);
    const lies = end > start ? utcDays(start, end).flatMap((utc) => seen.get(utc) ?? []) : [];
    if (lies.length === 0) continue;
    const seq = lies.reduce((most, { seq }) => (seq > most ? seq : most), 0n);
    const recent = end > now.getTime() - 2 * DAY;
    const before = known.get(day);
    if (before && before.seq >= seq && before.end.getTime() === end) continue;
    if (!recent && lies.some(({ changedAt }) => now.getTime() - changedAt.getTime() < QUIET_MS)) continue;
    due.push({ day, start: new Date(start), end: new Date(end), seq, recent });
  }
  return due;
}

/** Those that a UTC day may touch are the one of its name and its neighbours. */
function localDays(touched: readonly TouchedDay[]): string[] {
  const days = touched.flatMap(({ day }) => [dayAfter(day, -1), day, dayAfter(day)]);
  return [...new Set(days)].sort();
}

function utcDays(start: number, end: number): string[] {
  const days: string[] = [];
  for (let at = Math.floor(start / DAY) * DAY; at < end; at += DAY)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}
