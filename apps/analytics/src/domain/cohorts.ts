import { shareOf } from './funnel';
import { dayAfter, dayAt, startOfDay } from './local-time';
import { Interval, Period } from './period';
import { PeriodTooLong } from './period.errors';

export const COHORT_UNITS = ['day', 'week'] as const;
export type CohortUnit = (typeof COHORT_UNITS)[number];
export const MOST_RETURNS = 31;
/** So that an answer stays one that somebody can look at; with the returns no more days than any report. */
const MOST_DAYS: Readonly<Record<CohortUnit, number>> = { day: 92, week: 175 };
const LENGTH: Readonly<Record<CohortUnit, number>> = { day: 1, week: 7 };

/** So many visitors of the cohort came back in the bucket; bucket and cohort by their place in `bounds`. */
export interface Returned {
  cohort: number;
  bucket: number;
  visitors: number;
}

export interface CohortCell {
  /** Days or weeks after the cohort's own. */
  period: number;
  visitors: number;
  share: number | null;
  /** False while the day or week is not over. */
  complete: boolean;
}

export interface Cohort extends Interval {
  /** `YYYY-MM-DD` of the first local day. */
  day: string;
  visitors: number;
  /** Only what has begun. */
  returned: CohortCell[];
}

/**
 * Local days or weeks (Monday to Sunday, ISO 8601), whole: a cohort is everybody whose first start of the whole time asked for falls
 * into it. The time asked for is widened to the days or weeks that it touches.
 */
export class Cohorts {
  private constructor(
    readonly count: number,
    /** How many buckets after its own a cohort is looked for in. */
    readonly returns: number,
    /** Local first days of every bucket, of the returns after the last cohort, too, and one more. */
    private readonly days: readonly string[],
    /** Where they begin. */
    readonly bounds: readonly Date[],
  ) {}

  /** @throws PeriodTooLong */
  static of(unit: CohortUnit, period: Period, returns: number): Cohorts {
    const { from, to, timeZone } = period;
    const first = firstDay(unit, dayAt(from.getTime(), timeZone));
    const last = dayAt(to.getTime() - 1, timeZone);
    const length = LENGTH[unit];
    const days = (Date.parse(last) - Date.parse(first)) / 86_400_000 + 1;
    if (days > MOST_DAYS[unit] + length - 1) throw new PeriodTooLong(MOST_DAYS[unit], `A cohort by ${unit}`);
    const count = Math.ceil(days / length);
    const starts = Array.from({ length: count + returns + 1 }, (_, at) => dayAfter(first, at * length));
    return new Cohorts(
      count,
      returns,
      starts,
      starts.map((day) => new Date(startOfDay(day, timeZone))),
    );
  }

  get from(): Date {
    return this.bound(0);
  }

  /** Where the last cohort ends. */
  get to(): Date {
    return this.bound(this.count);
  }

  /** Where the last return ends that is looked at. */
  get until(): Date {
    return this.bound(this.days.length - 1);
  }

  /** How many buckets are over; the one after them has begun. */
  over(now: Date): number {
    const begun = this.bounds.filter((bound) => bound <= now).length;
    return Math.max(begun - 1, 0);
  }

  /** @param sizes visitors by cohort @param over what `over` said */
  table(sizes: ReadonlyMap<number, number>, returned: readonly Returned[], over: number): Cohort[] {
    const counts = new Map(returned.map(({ cohort, bucket, visitors }) => [`${cohort}.${bucket}`, visitors]));
    return Array.from({ length: this.count }, (_, cohort) => {
      const visitors = sizes.get(cohort) ?? 0;
      // those that are over, and the one that has begun
      const begun = Math.min(this.returns, Math.max(over - cohort, 0));
      const cells = Array.from({ length: begun }, (_unused, at) => {
        const came = counts.get(`${cohort}.${cohort + at + 1}`) ?? 0;
        return {
          period: at + 1,
          visitors: came,
          share: shareOf(came, visitors),
          complete: cohort + at + 1 < over,
        };
      });
      return {
        day: this.days[cohort] ?? '',
        start: this.bound(cohort),
        end: this.bound(cohort + 1),
        visitors,
        returned: cells,
      };
    });
  }

  private bound(at: number): Date {
    return this.bounds[at] ?? new Date(Number.NaN);
  }
}

function firstDay(unit: CohortUnit, day: string): string {
  if (unit === 'day') return day;
  const sinceMonday = (new Date(`${day}T00:00:00.000Z`).getUTCDay() + 6) % 7;
  return dayAfter(day, -sinceMonday);
}
