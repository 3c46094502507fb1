import { Fact } from '@libs/kernel';
import { Incident } from './incident';

/** What webhooks subscribe to. */
export const ALERT_FIRED = 'alert.fired';
export const ALERT_RESOLVED = 'alert.resolved';

/** What both facts, and the bodies of webhooks, say of an incident. */
export interface IncidentTold {
  incidentId: string;
  alertId: string;
  alertName: string;
  appId: string;
  eventType: string | null;
  metric: string;
  kind: string;
  windowMinutes: number;
  direction: string;
  value: number;
  expected: number;
  score: number | null;
  timeZone: string;
  windowFrom: string;
  windowTo: string;
  firedAt: string;
}

export interface ResolutionTold extends IncidentTold {
  resolvedAt: string;
  resolution: string;
  resolvedValue: number | null;
}

/** What `alert.fired` says; the same whatever became of it since. */
export function firedTold({ rule, ...incident }: Incident): IncidentTold {
  return {
    incidentId: incident.id,
    alertId: incident.alertId,
    alertName: rule.name,
    appId: rule.appId,
    eventType: rule.eventType ?? null,
    metric: rule.metric,
    kind: rule.condition.kind,
    windowMinutes: rule.condition.windowMinutes,
    direction: incident.direction,
    value: incident.value,
    expected: incident.expected,
    score: incident.score,
    timeZone: incident.timeZone,
    windowFrom: incident.windowFrom.toISOString(),
    windowTo: incident.windowTo.toISOString(),
    firedAt: incident.firedAt.toISOString(),
  };
}

/** What `alert.resolved` says; undefined while it fires. */
export function resolvedTold(incident: Incident): ResolutionTold | undefined {
  const { resolved } = incident;
  return (
    resolved && {
      ...firedTold(incident),
      resolvedAt: resolved.at.toISOString(),
      resolution: resolved.why,
      resolvedValue: resolved.value,
    }
  );
}

/** `analytics.alert-fired.v1` or, once it is over, `analytics.alert-resolved.v1`. */
export function incidentFact(incident: Incident): Fact {
  const { tenantId, rule, resolved } = incident;
  const told = resolvedTold(incident) ?? firedTold(incident);
  return {
    type: resolved ? 'analytics.alert-resolved.v1' : 'analytics.alert-fired.v1',
    tenantId,
    occurredAt: resolved?.at ?? incident.firedAt,
    payload: { ...told, notify: rule.notify },
  };
}
