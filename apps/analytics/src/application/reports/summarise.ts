import { Injectable } from '@nestjs/common';
import { Report, Reports } from '../report-cache';
import { ReportScope } from '../report-scope';
import { changeOf } from './change';
import { MetadataFilter, RawSummaryReader } from './raw-summary.reader';
import { Breakdown, RollupQuestion, RollupReader, SummaryRead, Totals } from './rollup.reader';
import { topList } from './top-list';

export interface SummaryQuestion {
  eventType?: string;
  breakdown?: Breakdown;
  /** Beside the time before, as long. */
  compare: boolean;
  /** Only events with all of these: read from the raw events, and exact. */
  metadata: readonly MetadataFilter[];
}

/** How many events, users and sessions; by type, and by the values of a dimension. */
@Injectable()
export class Summarise {
  constructor(
    private readonly reports: Reports,
    private readonly rollups: RollupReader,
    private readonly raw: RawSummaryReader,
  ) {}

  /** @throws ReportTooHeavy for metadata over a time with too many events */
  execute(asked: ReportScope, question: SummaryQuestion): Promise<Report> {
    const period = asked.period.outward();
    const since = question.compare ? period.previous().from : undefined;
    const scope = { ...asked, period, since };
    return this.reports.cached({ report: 'summary', ...question }, scope, async () => {
      const { breakdown } = question;
      const { total: totals, byType, values, folded } = await this.read(scope, question, breakdown);
      return {
        totals,
        byType,
        otherTypes: { events: byType.reduce((left, { events }) => left - events, totals.events) },
        ...(breakdown && {
          breakdown: { dimension: breakdown.dimension, ...topList(totals.events, values, folded) },
        }),
        ...(question.compare && (await this.compared(scope, question, totals))),
      };
    });
  }

  private async compared(scope: ReportScope, question: SummaryQuestion, now: Totals) {
    const period = scope.period.previous();
    const { total: totals } = await this.read({ ...scope, period }, question);
    const [from, to] = [period.from.toISOString(), period.to.toISOString()];
    return { previous: { from, to, totals }, change: changeOf(now, totals) };
  }

  private read(scope: ReportScope, question: SummaryQuestion, breakdown?: Breakdown): Promise<SummaryRead> {
    const { eventType, metadata } = question;
    const asked: RollupQuestion = { ...scope, eventType };
    return metadata.length > 0
      ? this.raw.summary(asked, metadata, breakdown)
      : this.rollups.summary(asked, breakdown);
  }
}
