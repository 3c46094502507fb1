import { Injectable } from '@nestjs/common';
import { Clock } from '@libs/kernel';
import { Dimension } from '../../domain/dimensions';
import { LocalDay, Period } from '../../domain/period';
import { UniqueSketch } from '../../domain/unique-sketch';
import { Report, Reports } from '../report-cache';
import { ReportScope } from '../report-scope';
import { changeOf, totalsOf } from './change';
import { Piece, RollupQuestion, RollupReader, Tally, Totals } from './rollup.reader';
import { TopList, topList } from './top-list';

const MINUTE = 60_000;
const ACTIVE_MINUTES = 5;
/** So often the count of who is there is made anew, also where nothing else changes. */
const ACTIVE_FRESH_MS = 15_000;
/** Where one of its stretches begins, in days from tomorrow. */
const SINCE = [30, 14, 7, 2, 1] as const;
const TOP = 10;
const PAGE_VIEW = 'page_view';

/** An application at a glance: today, the last days, what is looked at, and who is there. */
@Injectable()
export class ShowOverview {
  constructor(
    private readonly reports: Reports,
    private readonly rollups: RollupReader,
    private readonly clock: Clock,
  ) {}

  /** In the tenant's own zone. */
  execute(of: Omit<ReportScope, 'period'>, timeZone: string): Promise<Report> {
    const now = this.clock.now();
    const scope = { ...of, period: Period.last(60, now, timeZone) };
    const turn = Math.floor(now.getTime() / ACTIVE_FRESH_MS);
    return this.reports.cached({ report: 'overview', turn }, scope, async () => {
      const days = scope.period.days();
      const pieces = await this.rollups.pieces(
        scope,
        SINCE.flatMap((ago) => days.at(-ago)?.start ?? []),
      );
      const over = (first: number, after?: number) => totalsOf(tallyOf(pieces, days.slice(first, after)));
      return {
        today: over(-1),
        yesterday: over(-2, -1),
        last7Days: compared(over(-7), over(-14, -7)),
        last30Days: compared(over(-30), over(-60, -30)),
        ...(await this.topsOf({ ...scope, period: Period.last(30, now, timeZone) })),
        active: {
          visitors: await this.rollups.activeSince(
            of.tenantId,
            of.appId,
            new Date(now.getTime() - ACTIVE_MINUTES * MINUTE),
          ),
          minutes: ACTIVE_MINUTES,
        },
      };
    });
  }

  private async topsOf(question: RollupQuestion) {
    const top = async (dimension: Dimension, eventType?: string): Promise<TopList> => {
      const { events, values, folded } = await this.rollups.top(
        { ...question, eventType },
        { dimension, limit: TOP },
      );
      return topList(events, values, folded);
    };
    return {
      topPages: await top('url', PAGE_VIEW),
      topReferrers: await top('referrer', PAGE_VIEW),
      devices: await top('device'),
      countries: await top('country'),
    };
  }
}

function compared(now: Totals, before: Totals) {
  return { ...now, previous: before, change: changeOf(now, before) };
}

/** No piece goes beyond where a stretch begins, so each lies in one of the days or in none. */
function tallyOf(pieces: readonly Piece[], days: readonly LocalDay[]): Tally {
  const tally: Tally = { events: 0, users: UniqueSketch.empty(), sessions: UniqueSketch.empty() };
  const [from, to] = [days[0]?.start, days.at(-1)?.end];
  if (!from || !to) return tally;
  for (const piece of pieces) {
    if (piece.start < from || piece.end > to) continue;
    tally.events += piece.events;
    tally.users.merge(piece.users);
    tally.sessions.merge(piece.sessions);
  }
  return tally;
}
