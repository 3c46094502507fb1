import { Injectable } from '@nestjs/common';
import { Clock, failpoint, newId, TenantTransaction } from '@libs/kernel';
import { turn } from '../../domain/alert-episode';
import { endsToKnow, judge, Judgement } from '../../domain/alert-judgement';
import { dueAt, GRACE_MS, lastEnd, startOf } from '../../domain/alert-window';
import { QUARTER } from '../../domain/local-time';
import { DEFAULT_ZONE, TenantZones } from '../tenant-zones';
import { Alert } from './alert';
import { AlertCounts } from './alert-counts';
import { AlertKey, DueAlerts } from './due-alerts';
import { LogLag } from './log-lag';
import { TellIncident } from './tell-incident';

const AT_ONCE = 100;
/** Windows that were missed for longer are not made up for: nobody wants to be woken for yesterday. */
const CATCH_UP_MS = 86_400_000;

/** Some alerts could not be judged; the others were. */
export class AlertsNotJudged extends Error {
  constructor(readonly failures: readonly { key: AlertKey; error: unknown }[]) {
    super(`${failures.length} alerts could not be judged`, { cause: failures[0]?.error });
  }
}

/**
 * Judges every alert whose next window is over, one window a transaction. Several workers may do so: an alert is one's at a time,
 * and whoever dies leaves it as it was.
 */
@Injectable()
export class EvaluateAlerts {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly alerts: DueAlerts,
    private readonly counts: AlertCounts,
    private readonly zones: TenantZones,
    private readonly telling: TellIncident,
    private readonly lag: LogLag,
    private readonly clock: Clock,
  ) {}

  /** @returns how many windows were judged @throws AlertsNotJudged, when all were tried */
  async execute(signal?: AbortSignal): Promise<number> {
    const failures = new Map<string, { key: AlertKey; error: unknown }>();
    let judged = 0;
    for (;;) {
      const due = await this.alerts.due(AT_ONCE);
      const stored = due.length > 0 ? await this.storedUntil() : undefined;
      // Who knows nothing, or not all, would call missing what only comes late.
      if (stored === undefined) break;
      let progress = 0;
      for (const key of due) {
        if (signal?.aborted) break;
        try {
          if (!(await this.transaction.runFor([key.tenantId], () => this.next(key, stored)))) continue;
          failpoint('alerts.after-commit');
          progress += 1;
        } catch (error) {
          failures.set(key.id, { key, error });
          await this.transaction.runFor([key.tenantId], () => this.alerts.postpone(key));
        }
      }
      judged += progress;
      if (progress === 0 || signal?.aborted) break;
    }
    if (failures.size > 0) throw new AlertsNotJudged([...failures.values()]);
    return judged;
  }

  /** Until when all is stored that happened and came in time; undefined where nobody knows. */
  private async storedUntil(): Promise<number | undefined> {
    const waiting = await this.lag.oldestUnreadMs();
    return waiting === undefined ? undefined : this.clock.now().getTime() - waiting;
  }

  /** @returns whether a window was judged */
  private async next(key: AlertKey, stored: number): Promise<boolean> {
    const claimed = await this.alerts.claim(key);
    const alert = claimed && (await this.settled(claimed));
    if (!alert) return false;
    const now = this.clock.now().getTime();
    const latest = lastEnd(now);
    const end = alert.last ? Math.max(alert.last.end.getTime() + QUARTER, latest - CATCH_UP_MS) : latest;
    if (end > latest) {
      await this.alerts.judged({ ...alert, dueAt: dueAt(end) });
      return false;
    }
    if (stored < end + GRACE_MS) return false;
    await this.judge(alert, end);
    failpoint('alerts.before-commit');
    return true;
  }

  /** Ends what somebody left firing. @returns the alert if there is anything to judge */
  private async settled(alert: Alert): Promise<Alert | undefined> {
    const { tenantId, incidentId, deleted, enabled, episode } = alert;
    const left = incidentId !== undefined && episode.state !== 'firing';
    if (left) {
      const why = deleted ? 'deleted' : enabled ? 'changed' : 'disabled';
      await this.telling.resolved({ tenantId, id: incidentId }, { at: this.clock.now(), why, value: null });
    }
    const settled = left ? { ...alert, incidentId: undefined } : alert;
    if (deleted) await this.alerts.remove(alert);
    else if (!enabled) await this.alerts.judged(settled);
    return deleted || !enabled ? undefined : settled;
  }

  private async judge(alert: Alert, end: number): Promise<void> {
    const { tenantId, rule } = alert;
    const { appId, condition } = rule;
    const timeZone = (await this.zones.of([tenantId])).get(tenantId) ?? DEFAULT_ZONE;
    const firstEvent = await this.counts.firstEvent(tenantId, appId);
    const ends = endsToKnow(condition, end, timeZone);
    const values = await this.counts.of(tenantId, rule, condition.windowMinutes, ends);
    const known = new Map(ends.map((at, place) => [at, values[place] ?? 0]));
    const evidence = { valueAt: (at: number) => known.get(at) ?? 0, firstEvent, timeZone };
    await this.take(alert, judge(condition, end, evidence), timeZone);
  }

  private async take(alert: Alert, judgement: Judgement, timeZone: string): Promise<void> {
    const { tenantId, rule } = alert;
    const { end, value, expected, score, breach } = judgement;
    const { episode, happened } = turn(alert.episode, judgement);
    const at = this.clock.now();
    let { incidentId } = alert;
    if (happened === 'fired' && breach && expected !== null) {
      incidentId = newId();
      await this.telling.fired({
        tenantId,
        id: incidentId,
        alertId: alert.id,
        alertRevision: alert.revision,
        rule,
        timeZone,
        windowFrom: new Date(startOf(end, rule.condition.windowMinutes)),
        windowTo: new Date(end),
        direction: breach,
        value,
        expected,
        score,
        firedAt: at,
      });
    }
    if (happened === 'resolved' && incidentId !== undefined) {
      await this.telling.resolved({ tenantId, id: incidentId }, { at, why: 'calm', value });
      incidentId = undefined;
    }
    const last = { end: new Date(end), value, expected, score };
    await this.alerts.judged({ ...alert, episode, last, incidentId, dueAt: dueAt(end + QUARTER) });
  }
}
