import { MalformedInstant } from './release.errors';

// RFC 3339 §5.6: the offset is required, `T` and `Z` may be lower case.
const RFC_3339 =
  /^(\d{4}-\d{2}-\d{2})[Tt]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d{1,9}))?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * Reads an instant, truncated to milliseconds. Leap seconds (`:60`) are refused: no clock of ours has them.
 * @throws MalformedInstant naming `path` for another shape or a day the calendar lacks
 */
export function parseInstant(text: string, path: string): Date {
  const match = RFC_3339.exec(text);
  if (!match) throw new MalformedInstant(path);
  const [, day = '', time = '', fraction = '', offset = ''] = match;
  // Date.parse rolls 30 February over into March: the calendar is asked about the day alone
  const midnight = new Date(`${day}T00:00:00.000Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day)
    throw new MalformedInstant(path);
  return new Date(`${day}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}${offset.toUpperCase()}`);
}
