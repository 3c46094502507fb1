import { Injectable } from '@nestjs/common';
import { Clock } from '@libs/kernel';
import { Cohorts, CohortUnit } from '../../domain/cohorts';
import { Period } from '../../domain/period';
import { Report, Reports } from '../report-cache';
import { ReportScope } from '../report-scope';
import { CohortEvents, CohortReader } from './cohort.reader';

export interface RetentionQuestion extends CohortEvents {
  cohort: CohortUnit;
  /** How many days or weeks after its own a cohort is looked for in. */
  periods: number;
}

/** Of those who came on a day or in a week, how many came again on the following ones. */
@Injectable()
export class ShowRetention {
  constructor(
    private readonly reports: Reports,
    private readonly reader: CohortReader,
    private readonly clock: Clock,
  ) {}

  /** @throws PeriodTooLong, ReportTooHeavy */
  execute(scope: ReportScope, { cohort, periods, ...events }: RetentionQuestion): Promise<Report> {
    const { tenantId, appId, period } = scope;
    const cohorts = Cohorts.of(cohort, period, periods);
    const watched = Period.ofInstants(cohorts.from, cohorts.until, period.timeZone);
    // which days are over is part of the answer, and no event tells that another one is
    const over = cohorts.over(this.clock.now());
    const question = { report: 'retention', cohort, periods, ...events, cohorts: cohorts.count, over };
    return this.reports.cached(question, { ...scope, period: watched }, async () => {
      const { sizes, returned } = await this.reader.read(tenantId, appId, cohorts, events);
      return {
        to: cohorts.to.toISOString(),
        cohort,
        cohorts: cohorts.table(sizes, returned, over),
      };
    });
  }
}
