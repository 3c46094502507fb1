import { dayAfter, startOfDay } from './local-time';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** What is stored a little late still comes in before its hour is made. */
const LATE_MS = 60_000;
/** Of a day of the past, so long nothing has changed. */
const QUIET_MS = 5_000;
/** A day of the past that was made rests for so long a day of its age, up to an hour: old days must not keep anybody busy. */
const REST_A_DAY_MS = 60_000;
const MOST_REST_MS = 60 * 60_000;
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
  madeAt: Date;
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

export interface DueDays {
  due: DueDay[];
  /** Some changed and wait. */
  waiting: boolean;
}

/** Which local days are to be made, again or at all: what was never made goes first, the present before the past. */
export function dueDays(
  touched: readonly TouchedDay[],
  built: readonly BuiltDay[],
  timeZone: string,
  now: Date,
): DueDays {
  const seen = new Map(touched.map((day) => [day.day, day]));
  const known = new Map(built.map((day) => [day.day, day]));
  const over = Math.floor((now.getTime() - LATE_MS) / HOUR) * HOUR;
  const [unmade, made]: [DueDay[], DueDay[]] = [[], []];
  let waiting = false;
  for (const day of localDays(touched)) {
    const start = startOfDay(day, timeZone);
    const end = Math.min(startOfDay(dayAfter(day), timeZone), over);
    const lies = end > start ? utcDays(start, end).flatMap((utc) => seen.get(utc) ?? []) : [];
    if (lies.length === 0) continue;
    const seq = lies.reduce((most, { seq }) => (seq > most ? seq : most), 0n);
    const recent = end > now.getTime() - 2 * DAY;
    const before = known.get(day);
    if (before && before.seq >= seq && before.end.getTime() === end) continue;
    const restless = lies.some(({ changedAt }) => now.getTime() - changedAt.getTime() < QUIET_MS);
    if (!recent && (restless || (before && isResting(before, now)))) {
      waiting = true;
      continue;
    }
    (before ? made : unmade).push({ day, start: new Date(start), end: new Date(end), seq, recent });
  }
  return { due: [...unmade.reverse(), ...made.reverse()], waiting };
}

function isResting({ end, madeAt }: BuiltDay, now: Date): boolean {
  const age = (now.getTime() - end.getTime()) / DAY;
  return now.getTime() - madeAt.getTime() < Math.min(MOST_REST_MS, age * REST_A_DAY_MS);
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
