import { Injectable } from '@nestjs/common';
import { Clock, TenantId } from '@libs/kernel';
import { NEW_EPISODE, turn } from '../../domain/alert-episode';
import { judge, Judgement } from '../../domain/alert-judgement';
import { Condition, conditionOf, ConditionClaim, Counted } from '../../domain/alert-rule';
import { lastEnd, startOf, WEEKS } from '../../domain/alert-window';
import { QUARTER } from '../../domain/local-time';
import { ZoneOfTenant } from '../zone-of-tenant';
import { AlertCounts } from './alert-counts';

const DAY = 86_400_000;
/** Windows that are judged before others have their turn. */
const AT_ONCE = 100;
const MOST_TOLD = 100;

export interface PreviewIncident {
  readonly windowFrom: Date;
  readonly windowTo: Date;
  readonly direction: 'above' | 'below';
  readonly value: number;
  readonly expected: number;
  readonly score: number | null;
  /** Where the window ended at which it was over; null while it goes on. */
  readonly resolvedAt: Date | null;
}

export interface AlertPreview {
  readonly condition: Condition;
  readonly timeZone: string;
  readonly from: Date;
  readonly to: Date;
  readonly windows: number;
  /** Of these windows nothing could be said. */
  readonly learning: number;
  readonly smallest: number;
  readonly largest: number;
  readonly incidents: number;
  /** The newest of them. */
  readonly told: readonly PreviewIncident[];
}

/** What a rule would have said over the last days, so that it can be tuned before it wakes anybody. */
@Injectable()
export class PreviewAlert {
  constructor(
    private readonly counts: AlertCounts,
    private readonly zones: ZoneOfTenant,
    private readonly clock: Clock,
  ) {}

  /** @throws ImpossibleCondition, PreviewTooHeavy, TooManyReports, ReportTooHeavy */
  async execute(
    tenantId: TenantId,
    asked: Counted & { condition: ConditionClaim; days: number },
  ): Promise<AlertPreview> {
    const condition = conditionOf(asked.condition);
    const timeZone = await this.zones.of(tenantId);
    const to = lastEnd(this.clock.now().getTime());
    const from = to - asked.days * DAY;
    // an hour more, for clocks that were changed
    const back = condition.kind === 'anomaly' ? 7 * WEEKS * DAY + 4 * QUARTER : 0;
    const values = await this.counts.sliding(tenantId, asked, condition.windowMinutes, from - back, to);
    const firstEvent = await this.counts.firstEvent(tenantId, asked.appId);
    const valueAt = (end: number) => values[(end - from + back) / QUARTER] ?? 0;
    const judgements: Judgement[] = [];
    for (let end = from + QUARTER; end <= to; end += QUARTER) {
      judgements.push(judge(condition, end, { valueAt, firstEvent, timeZone }));
      if (judgements.length % AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const incidents = incidentsIn(judgements, condition.windowMinutes);
    return {
      condition,
      timeZone,
      from: new Date(from),
      to: new Date(to),
      windows: judgements.length,
      learning: judgements.filter(({ expected }) => expected === null).length,
      smallest: judgements.reduce((least, { value }) => Math.min(least, value), Infinity),
      largest: judgements.reduce((most, { value }) => Math.max(most, value), 0),
      incidents: incidents.length,
      told: incidents.slice(-MOST_TOLD).reverse(),
    };
  }
}

function incidentsIn(judgements: readonly Judgement[], windowMinutes: number): PreviewIncident[] {
  const incidents: PreviewIncident[] = [];
  let episode = NEW_EPISODE;
  for (const judgement of judgements) {
    const { end, value, expected, score, breach } = judgement;
    const next = turn(episode, judgement);
    episode = next.episode;
    const open = incidents.at(-1);
    if (next.happened === 'fired' && breach && expected !== null)
      incidents.push({
        windowFrom: new Date(startOf(end, windowMinutes)),
        windowTo: new Date(end),
        direction: breach,
        value,
        expected,
        score,
        resolvedAt: null,
      });
    else if (next.happened === 'resolved' && open)
      incidents[incidents.length - 1] = { ...open, resolvedAt: new Date(end) };
  }
  return incidents;
}
