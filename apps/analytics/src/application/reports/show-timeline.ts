import { Injectable } from '@nestjs/common';
import { isSameZone } from '../../domain/local-time';
import { Period } from '../../domain/period';
import { PeriodTooLong } from '../../domain/period.errors';
import { Report, Reports } from '../report-cache';
import { ReportScope } from '../report-scope';
import { RollupReader } from './rollup.reader';

export const INTERVALS = ['hour', 'day'] as const;
export type TimelineInterval = (typeof INTERVALS)[number];

const DAY = 86_400_000;
/** 92 days have 2,208 hours. */
export const MOST_DAYS_BY_HOUR = 92;
/** Each hour's users are made of its quarters' sketches. */
export const MOST_DAYS_OF_HOURLY_USERS = 7;
/** And so are the days of a zone that no days are made in beforehand. */
export const MOST_DAYS_OF_FOREIGN_USERS = 31;

/** Events, users and sessions by real hours or local days, empty ones too. */
@Injectable()
export class ShowTimeline {
  constructor(
    private readonly reports: Reports,
    private readonly rollups: RollupReader,
  ) {}

  /** @throws PeriodTooLong by hour */
  async execute(
    asked: ReportScope,
    { eventType, interval }: { eventType?: string; interval: TimelineInterval },
  ): Promise<Report> {
    const scope = { ...asked, period: asked.period.outward() };
    const { period } = scope;
    if (interval === 'hour' && lengthOf(period) > MOST_DAYS_BY_HOUR)
      throw new PeriodTooLong(MOST_DAYS_BY_HOUR, 'A timeline by hour');
    return this.reports.cached({ report: 'timeline', eventType, interval }, scope, async () => {
      const intervals = interval === 'hour' ? period.hours() : period.days();
      const uniques = hasUniques(scope, interval);
      const points = await this.rollups.timeline({ ...scope, eventType }, intervals, uniques);
      return {
        interval,
        total: points.reduce((sum, { events }) => sum + events, 0),
        points: points.map(({ events, users, sessions }, place) => ({
          start: intervals[place]?.start,
          end: intervals[place]?.end,
          count: events,
          ...(uniques && { users, sessions }),
        })),
      };
    });
  }
}

function hasUniques({ period, tenantZone }: ReportScope, interval: TimelineInterval): boolean {
  if (interval === 'hour') return lengthOf(period) <= MOST_DAYS_OF_HOURLY_USERS;
  return isSameZone(period.timeZone, tenantZone) || lengthOf(period) <= MOST_DAYS_OF_FOREIGN_USERS;
}

/** In days, but an hour for clocks that are put back. */
function lengthOf({ from, to }: Period): number {
  return (to.getTime() - from.getTime() - 3_600_000) / DAY;
}
