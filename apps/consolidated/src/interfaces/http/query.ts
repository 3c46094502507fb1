import { InvalidRequest, isUuid, ReleaseId } from '@libs/kernel';

/** A query string as Fastify parsed it: a repeated parameter is an array. */
export type Query = Readonly<Record<string, unknown>>;

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const INSTANT =
  /^(\d{4}-\d{2}-\d{2})[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(\.\d{1,9})?(?:[Zz]|[+\- ]([01]\d|2[0-3]):([0-5]\d))$/;
const FIRST_INSTANT = Date.parse('0001-01-01T00:00:00.000Z');
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * These functions are on the path of a cached read, so they are plain ones instead of a validated class. All of them:
 * @throws InvalidRequest (400) naming the parameter
 */
export function refuseUnknown(query: Query, known: readonly string[]): void {
  for (const name in query) {
    if (!known.includes(name)) throw malformed(name, 'unknown_property', 'is not a parameter of this route');
  }
}

/** A calendar day, years 0001 to 9999. */
export function readDay(query: Query, name: string): string | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !isDay(value))
    throw malformed(name, 'malformed_date', 'is not a calendar day written YYYY-MM-DD');
  return value;
}

/** An RFC 3339 instant with any offset. */
export function readInstant(query: Query, name: string): Date | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  const instant = typeof value === 'string' ? parseInstant(value) : undefined;
  if (!instant)
    throw malformed(name, 'malformed_instant', 'is not an RFC 3339 instant such as 2026-11-22T02:59:59.999Z');
  return instant;
}

export function readReleaseId(query: Query, name: string): ReleaseId | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  if (!isUuid(value)) throw malformed(name, 'malformed_id', 'is not a release id');
  return value as ReleaseId;
}

function parseInstant(text: string): Date | undefined {
  const match = INSTANT.exec(text);
  if (!match?.[1] || !isDay(match[1])) return undefined;
  // "+" in a query string means a space, and few clients escape it
  const instant = new Date(text.replace(' ', '+').toUpperCase());
  const time = instant.getTime();
  return time >= FIRST_INSTANT && time <= LAST_INSTANT ? instant : undefined;
}

// By hand: BusinessDate.parse goes through a Date and back, 3 % of a cached read.
function isDay(text: string): boolean {
  const match = DAY.exec(text);
  if (!match || text.startsWith('0000')) return false; // PostgreSQL has no year 0
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  // Date.UTC takes years before 100 for 19xx, whose leap years fall alike
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function malformed(path: string, code: string, message: string): InvalidRequest {
  return new InvalidRequest([{ path, code, message }], false);
}
