import { Injectable } from '@nestjs/common';
import { Report, Reports } from '../report-cache';
import { ReportScope } from '../report-scope';
import { Breakdown, RollupReader } from './rollup.reader';
import { topList } from './top-list';

/** The values of a dimension that most events of a type have. */
@Injectable()
export class RankValues {
  constructor(
    private readonly reports: Reports,
    private readonly rollups: RollupReader,
  ) {}

  execute(asked: ReportScope, breakdown: Breakdown, eventType: string): Promise<Report> {
    const scope = { ...asked, period: asked.period.outward() };
    return this.reports.cached({ report: 'top', ...breakdown, eventType }, scope, async () => {
      const { events, values, folded } = await this.rollups.top({ ...scope, eventType }, breakdown);
      return { eventType, dimension: breakdown.dimension, events, ...topList(events, values, folded) };
    });
  }
}
