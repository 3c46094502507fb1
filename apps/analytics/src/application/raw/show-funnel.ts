import { Injectable } from '@nestjs/common';
import { Funnel, funnelSteps } from '../../domain/funnel';
import { Period } from '../../domain/period';
import { Report, Reports } from '../report-cache';
import { ReportScope } from '../report-scope';
import { FunnelReader } from './funnel.reader';

/** How many visitors took some steps in order, and how many were lost between two of them. */
@Injectable()
export class ShowFunnel {
  constructor(
    private readonly reports: Reports,
    private readonly reader: FunnelReader,
  ) {}

  /** @throws PeriodTooLong with the window, too; ReportTooHeavy */
  execute(scope: ReportScope, funnel: Funnel): Promise<Report> {
    const { tenantId, appId, period } = scope;
    const { from, to, timeZone } = period;
    // later steps may come after the period, so the answer is outdated by what happens there, too
    const watched = Period.ofInstants(from, new Date(to.getTime() + funnel.windowMs), timeZone);
    const question = { report: 'funnel', ...funnel, to: to.toISOString() };
    return this.reports.cached(question, { ...scope, period: watched }, async () => ({
      to: to.toISOString(),
      windowSeconds: funnel.windowMs / 1_000,
      steps: funnelSteps(funnel, await this.reader.read(tenantId, appId, funnel, { from, to })).map(
        ({ medianMs, ...step }) => ({ ...step, medianSeconds: medianMs === null ? null : medianMs / 1_000 }),
      ),
    }));
  }
}
