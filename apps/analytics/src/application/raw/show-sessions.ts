import { Injectable } from '@nestjs/common';
import { shareOf } from '../../domain/funnel';
import { Report, Reports } from '../report-cache';
import { ReportScope } from '../report-scope';
import { SessionReader, SessionReport } from './session.reader';

/** How many sessions began in a time, how long they were, and how many left after one page. */
@Injectable()
export class ShowSessions {
  constructor(
    private readonly reports: Reports,
    private readonly reader: SessionReader,
  ) {}

  /** @throws ReportTooHeavy */
  execute(
    scope: ReportScope,
    { limit, ...filter }: { device?: string; country?: string; limit: number },
  ): Promise<Report> {
    const { tenantId, appId, period } = scope;
    const { from, to } = period;
    return this.reports.cached({ report: 'sessions', ...filter, limit }, scope, async () =>
      answerOf(await this.reader.report(tenantId, appId, { from, to, ...filter }, limit)),
    );
  }
}

function answerOf({ sessions, withPages, bounces, pageViews, meanMs, medianMs, ...pages }: SessionReport) {
  return {
    sessions,
    bounces,
    bounceRate: shareOf(bounces, withPages),
    pageViews,
    pagesPerSession: sessions === 0 ? null : Math.round((pageViews / sessions) * 100) / 100,
    duration: { meanSeconds: secondsOf(meanMs), medianSeconds: secondsOf(medianMs) },
    entryPages: pages.entryPages.map((page) => ({
      url: page.url,
      sessions: page.sessions,
      share: shareOf(page.sessions, sessions),
      bounceRate: shareOf(page.bounces, page.withPages),
      meanSeconds: secondsOf(page.meanMs),
    })),
    remainder: pages.remainder,
  };
}

function secondsOf(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms) / 1_000;
}
