import { dayAfter, dayAt, offsetAt, QUARTER, startOfDay } from './local-time';
import { InvalidPeriod, PeriodTooLong } from './period.errors';

export const MAX_DAYS = 400;
export const DEFAULT_DAYS = 30;
const DAY = 86_400_000;
const HOUR = 3_600_000;
/** Since 1972 offsets are multiples of a quarter of an hour; nobody has events from before 2000. */
const FIRST_INSTANT = Date.UTC(2000, 0, 1);
const LAST_INSTANT = Date.UTC(2100, 0, 1);

/** A real stretch of time: `end` is not in it. */
export interface Interval {
  readonly start: Date;
  readonly end: Date;
}

/** The part of a local day that lies in a period. */
export interface LocalDay extends Interval {
  /** `YYYY-MM-DD` */
  readonly day: string;
  /** All of the day is in the period. */
  readonly whole: boolean;
}

/** The question's range: [from, to), and the zone in which its days and hours are told. */
export class Period {
  private constructor(
    readonly from: Date,
    /** Not in it any more. */
    readonly to: Date,
    readonly timeZone: string,
    /** Told by calendar days: the first, and the first one after. */
    private readonly calendar?: { first: string; after: string },
  ) {}

  /** Calendar days of the zone, the last one included. @throws InvalidPeriod, PeriodTooLong */
  static ofDays(first: string, last: string, timeZone: string): Period {
    if (first > last) throw new InvalidPeriod('`startDate` is not later than `endDate`.');
    refuseFarAway(Date.parse(first), Date.parse(last));
    const after = dayAfter(last);
    if (daysBetween(first, after) > MAX_DAYS) throw new PeriodTooLong(MAX_DAYS);
    return new Period(
      new Date(startOfDay(first, timeZone)),
      new Date(startOfDay(after, timeZone)),
      timeZone,
      { first, after },
    );
  }

  /** @throws InvalidPeriod, PeriodTooLong */
  static ofInstants(from: Date, to: Date, timeZone: string): Period {
    if (from >= to) throw new InvalidPeriod('`startDate` is earlier than `endDate`.');
    refuseFarAway(from.getTime(), to.getTime());
    // an hour for the clocks that were put back meanwhile
    if (to.getTime() - from.getTime() > MAX_DAYS * DAY + HOUR) throw new PeriodTooLong(MAX_DAYS);
    return new Period(from, to, timeZone);
  }

  /** The last `days` local days up to now, today included: the end is the next quarter of an hour, so that a question stays the same for a while. */
  static last(days: number, now: Date, timeZone: string): Period {
    const first = dayAfter(dayAt(now.getTime(), timeZone), 1 - days);
    const to = Math.floor(now.getTime() / QUARTER) * QUARTER + QUARTER;
    return new Period(new Date(startOfDay(first, timeZone)), new Date(to), timeZone);
  }

  /** Wider by less than a quarter of an hour at either end: rollups are made of quarters. */
  outward(): Period {
    const from = Math.floor(this.from.getTime() / QUARTER) * QUARTER;
    const to = Math.ceil(this.to.getTime() / QUARTER) * QUARTER;
    if (from === this.from.getTime() && to === this.to.getTime()) return this;
    return new Period(new Date(from), new Date(to), this.timeZone);
  }

  /** What comes right before: as many calendar days where it was told by days, else as long a time. */
  previous(): Period {
    const { from, to, timeZone, calendar } = this;
    if (!calendar) return new Period(new Date(2 * from.getTime() - to.getTime()), from, timeZone);
    const first = dayAfter(calendar.first, -daysBetween(calendar.first, calendar.after));
    return new Period(new Date(startOfDay(first, timeZone)), from, timeZone, {
      first,
      after: calendar.first,
    });
  }

  /** The local days it touches, in order, without a gap: their lengths sum to the period's. A day may have 23 or 25 hours. */
  days(): LocalDay[] {
    const days: LocalDay[] = [];
    const last = this.to.getTime();
    let day = dayAt(this.from.getTime(), this.timeZone);
    for (let start = startOfDay(day, this.timeZone); start < last;) {
      const next = dayAfter(day);
      const end = startOfDay(next, this.timeZone);
      // a day that the zone skipped has no length
      if (end > start && end > this.from.getTime()) days.push(this.clipped(day, start, end));
      [day, start] = [next, end];
    }
    return days;
  }

  /**
   * The local hours it touches, in order, without a gap. One begins wherever clocks show a full hour, and where they are put
   * forward or back: the two 23:00 hours of a day that has them are two, and none is longer than 60 minutes.
   */
  hours(): Interval[] {
    return this.days().flatMap((day) => this.hoursOf(day.start.getTime(), day.end.getTime()));
  }

  private hoursOf(start: number, end: number): Interval[] {
    const steady = offsetAt(start, this.timeZone) === offsetAt(end - 1, this.timeZone);
    const hours: Interval[] = [];
    let offset = offsetAt(start, this.timeZone);
    for (let at = start; at < end;) {
      if (!steady) offset = offsetAt(at, this.timeZone);
      const full = at + HOUR - ((at + offset) % HOUR);
      const next = Math.min(end, steady ? full : this.changeBetween(at, full, offset));
      hours.push({ start: new Date(at), end: new Date(next) });
      at = next;
    }
    return hours;
  }

  /** Where the clocks change between two instants, or the second. */
  private changeBetween(at: number, until: number, offset: number): number {
    for (let quarter = at + QUARTER - (at % QUARTER); quarter < until; quarter += QUARTER)
      if (offsetAt(quarter, this.timeZone) !== offset) return quarter;
    return until;
  }

  private clipped(day: string, start: number, end: number): LocalDay {
    const [from, to] = [this.from.getTime(), this.to.getTime()];
    return {
      day,
      start: new Date(Math.max(start, from)),
      end: new Date(Math.min(end, to)),
      whole: start >= from && end <= to,
    };
  }
}

function daysBetween(first: string, after: string): number {
  return (Date.parse(after) - Date.parse(first)) / DAY;
}

function refuseFarAway(from: number, to: number): void {
  if (from < FIRST_INSTANT || to > LAST_INSTANT)
    throw new InvalidPeriod('A report is about days of the years 2000 to 2099.');
}
