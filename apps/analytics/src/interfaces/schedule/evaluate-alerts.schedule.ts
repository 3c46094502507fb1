import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { metrics } from '@libs/http';
import { Recurring } from '@libs/schedules';
import { AlertsNotJudged, EvaluateAlerts } from '../../application/alerts/evaluate-alerts';
import { DueAlerts } from '../../application/alerts/due-alerts';

/** A question for ids by an index: it costs nothing, and whoever made an alert sees it at work. */
const INTERVAL_MS = 5_000;
const OVERDUE = 'analytics_alerts_overdue_seconds';

/** Every worker judges alerts; those that one has are passed over by the others. */
@Injectable()
export class EvaluateAlertsSchedule extends Recurring {
  private readonly overdue =
    (metrics.getSingleMetric(OVERDUE) as Gauge | undefined) ??
    new Gauge({
      name: OVERDUE,
      help: 'For how long the alert that has waited longest could have been judged; it waits while the log is behind.',
      registers: [metrics],
    });

  constructor(
    private readonly evaluate: EvaluateAlerts,
    private readonly alerts: DueAlerts,
  ) {
    super({ log: 'analytics.alerts', name: 'alerts are judged', everyMs: INTERVAL_MS });
  }

  protected async turn(signal: AbortSignal): Promise<void> {
    try {
      await this.evaluate.execute(signal);
    } finally {
      this.overdue.set(await this.alerts.overdueSeconds());
    }
  }

  protected override told(error: unknown): object {
    if (!(error instanceof AlertsNotJudged)) return { err: error };
    // ten are enough to see what they have in common
    return { err: error.cause, alerts: error.failures.slice(0, 10).map(({ key }) => key) };
  }
}
