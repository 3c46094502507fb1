const MINUTE = 60_000;
const DAY = 86_400_000;
export const QUARTER = 15 * MINUTE;

/** Offsets lie between −12 h and +14 h; an hour more is on the safe side. */
const WESTMOST = 13 * 60 * MINUTE;
const EASTMOST = 15 * 60 * MINUTE;
const IANA_NAME = /^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/;
/** A zone's formatter keeps some 10 KB, and callers choose the zones. */
const MOST_ZONES = 64;

/** Whether it is a name of the IANA data base that this process knows. `+03:00` is none: zones are told by name. */
export function isTimeZone(name: unknown): name is string {
  return typeof name === 'string' && IANA_NAME.test(name) && zoneOf(name) !== undefined;
}

/** Two names of one zone, `Asia/Calcutta` and `Asia/Kolkata`, are the same. */
export function isSameZone(one: string, other: string): boolean {
  if (one === other) return true;
  const canonical = zoneOf(one)?.canonical;
  return canonical !== undefined && canonical === zoneOf(other)?.canonical;
}

/** What local clocks are ahead of UTC by at `instant`, both in milliseconds. */
export function offsetAt(instant: number, timeZone: string): number {
  return knownZone(timeZone).offsetAt(instant);
}

/** The local calendar day that `instant` falls on, `YYYY-MM-DD`. */
export function dayAt(instant: number, timeZone: string): string {
  return written(instant + offsetAt(instant, timeZone));
}

/** The first instant of a local day. Where clocks skip midnight (Brazil, 2018-11-04) that is 01:00; a day that a zone skipped (Samoa, 2011-12-30) begins where the next one does. */
export function startOfDay(day: string, timeZone: string): number {
  return knownZone(timeZone).startOfDay(day);
}

export function dayAfter(day: string, days = 1): string {
  return written(Date.parse(`${day}T00:00:00.000Z`) + days * DAY);
}

function written(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

class Zone {
  readonly canonical: string;
  private readonly starts = new Map<string, number>();

  constructor(private readonly format: Intl.DateTimeFormat) {
    this.canonical = format.resolvedOptions().timeZone;
  }

  offsetAt(instant: number): number {
    const parts: Record<string, number> = {};
    for (const { type, value } of this.format.formatToParts(instant)) parts[type] = Number(value);
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
    const local = Date.UTC(year, month - 1, day, hour, minute, second);
    return local - Math.floor(instant / 1000) * 1000;
  }

  startOfDay(day: string): number {
    let start = this.starts.get(day);
    if (start === undefined) {
      if (this.starts.size >= 1_000) this.starts.clear();
      this.starts.set(day, (start = this.findStart(day)));
    }
    return start;
  }

  private findStart(day: string): number {
    const midnight = Date.parse(`${day}T00:00:00.000Z`);
    const earliest = midnight - EASTMOST;
    const offset = this.offsetAt(earliest);
    if (offset === this.offsetAt(midnight + WESTMOST)) return midnight - offset;
    // The clocks change around then. They do so on a quarter of an hour, and offsets are multiples of one.
    let instant = earliest;
    while (instant + this.offsetAt(instant) < midnight) instant += QUARTER;
    return instant;
  }
}

// Building a formatter costs ~30 µs.
const zones = new Map<string, Zone>();

function zoneOf(name: string): Zone | undefined {
  const known = zones.get(name);
  if (known) return known;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    if (zones.size >= MOST_ZONES) zones.clear();
    const zone = new Zone(format);
    zones.set(name, zone);
    return zone;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function knownZone(name: string): Zone {
  const zone = zoneOf(name);
  if (!zone) throw new RangeError(`no time zone is called ${name}`);
  return zone;
}
