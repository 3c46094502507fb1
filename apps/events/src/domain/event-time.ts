const DAY = 86_400_000;

/** A client's clock that is further ahead than this cannot open TLS: such a time is made up. */
export const MAX_AHEAD_MS = 31 * DAY;
/** A difference of the clocks up to this is the way of the request, not skew. */
const SKEW_TOLERANCE_MS = 2_000;
/** A clock that is further off, either way, is made up, too: no age is told by it. */
export const MAX_SKEW_MS = 31 * DAY;

// The years that RFC 3339 and every store of ours can write.
const FIRST = days(1, 1, 1) * DAY;
const LAST = days(10_000, 1, 1) * DAY - 1;
const SHAPE =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/**
 * Reads an instant (RFC 3339 §5.6, the offset is required) as milliseconds of the epoch; finer fractions are cut off.
 * NaN for any other shape, a day that the calendar lacks, a leap second (`:60`: no clock of ours has them), years before 1.
 */
export function parseInstant(text: string): number {
  // what JavaScript's toISOString writes, and nearly every client sends
  if (text.length === 24 && text.charCodeAt(23) === 0x5a && text.charCodeAt(19) === 0x2e) {
    const canonical = parseCanonical(text);
    if (!Number.isNaN(canonical)) return canonical;
  }
  const match = SHAPE.exec(text);
  if (match === null) return Number.NaN;
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHour, offsetMinute] = match;
  const local = instantOf(
    Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.slice(0, 3).padEnd(3, '0')),
  );
  if (sign === undefined) return local;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return Number.NaN;
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000;
  const instant = sign === '+' ? local - offset : local + offset;
  return instant >= FIRST && instant <= LAST ? instant : Number.NaN;
}

/** The one form in which times are kept: UTC, milliseconds. Two spellings of an instant make one key. */
export function canonicalInstant(text: string): string | undefined {
  const instant = parseInstant(text);
  if (Number.isNaN(instant)) return undefined;
  return isCanonical(text) ? text : new Date(instant).toISOString();
}

/**
 * When an event happened by our clock. With `sentAt`, the client's clock as it sent the request, the age of the event is the
 * difference of two readings of the same wrong clock, and is right. Without it, or with one that is not to be believed, the
 * client's time stands, but never in the future. So it is never further from `timestamp` than MAX_SKEW_MS.
 */
export function occurredAt(timestamp: number, receivedAt: number, sentAt?: number): number {
  const skew = sentAt === undefined ? 0 : Math.abs(receivedAt - sentAt);
  if (sentAt === undefined || skew <= SKEW_TOLERANCE_MS || skew > MAX_SKEW_MS)
    return Math.min(timestamp, receivedAt);
  return receivedAt - Math.max(0, sentAt - timestamp);
}

/** Why an event of this time is not admitted; undefined for one that is. `oldest` is what retention keeps. */
export function timeRefusal(
  timestamp: number,
  receivedAt: number,
  oldest: number,
): 'too_old' | 'timestamp_in_future' | undefined {
  if (timestamp < oldest) return 'too_old';
  return timestamp > receivedAt + MAX_AHEAD_MS ? 'timestamp_in_future' : undefined;
}

/**
 * The time that stands for one that the client did not send. With an id of the client's it has to be the same when the request is
 * sent again, as both together say which event it is: the time inside a UUIDv7, else the day (UTC) on which it came.
 */
export function timestampOfId(eventId: string, now: Date): string {
  const inside = eventId[14] === '7' ? Number.parseInt(eventId.slice(0, 8) + eventId.slice(9, 13), 16) : 0;
  // one made lately; another number there may be anything
  if (Math.abs(now.getTime() - inside) <= MAX_AHEAD_MS) return new Date(inside).toISOString();
  return new Date(now.getTime() - (now.getTime() % DAY)).toISOString();
}

function isCanonical(text: string): boolean {
  return text.length === 24 && text[10] === 'T' && text[19] === '.' && text[23] === 'Z';
}

function parseCanonical(text: string): number {
  if (
    text.charCodeAt(4) !== 0x2d ||
    text.charCodeAt(7) !== 0x2d ||
    text.charCodeAt(10) !== 0x54 ||
    text.charCodeAt(13) !== 0x3a ||
    text.charCodeAt(16) !== 0x3a
  )
    return Number.NaN;
  return instantOf(
    two(text, 0) * 100 + two(text, 2),
    two(text, 5),
    two(text, 8),
    two(text, 11),
    two(text, 14),
    two(text, 17),
    two(text, 20) * 10 + digit(text, 22),
  );
}

function two(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 0x30;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

function instantOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  millisecond: number,
): number {
  // comparisons with NaN are false, so that anything but digits falls through
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month))) return Number.NaN;
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN;
  return days(year, month, day) * DAY + ((hour * 60 + minute) * 60 + second) * 1_000 + millisecond;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days since 1970-01-01 of a civil date: years begin in March, so that the leap day is the last. */
function days(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468;
}
