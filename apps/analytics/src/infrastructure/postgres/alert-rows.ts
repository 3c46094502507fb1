import { TenantId, UserId } from '@libs/kernel';
import { Alert } from '../../application/alerts/alert';
import { Incident, Resolution } from '../../application/alerts/incident';
import { AlertState } from '../../domain/alert-episode';
import { AlertRule, Condition, Metric } from '../../domain/alert-rule';

interface RuleRow {
  app_id: string;
  event_type: string | null;
  metric: Metric;
  condition: Condition;
  notify: boolean;
}

export interface AlertRow extends RuleRow {
  tenant_id: TenantId;
  id: string;
  name: string;
  enabled: boolean;
  revision: number;
  state: AlertState;
  quiet: number;
  incident_id: string | null;
  judged_to: Date | null;
  value: string | null;
  expected: number | null;
  score: number | null;
  deleted: boolean;
  due_at: Date;
  created_by: UserId;
  created_at: Date;
  updated_at: Date;
}

export const ALERT_COLUMNS = `tenant_id, id, app_id, name, event_type, metric, condition, notify, enabled, revision, state, quiet,
  incident_id, judged_to, value, expected, score, deleted, due_at, created_by, created_at, updated_at`;

export interface IncidentRow extends RuleRow {
  tenant_id: TenantId;
  id: string;
  alert_id: string;
  alert_revision: number;
  alert_name: string;
  time_zone: string;
  window_from: Date;
  window_to: Date;
  direction: 'above' | 'below';
  value: string;
  expected: number;
  score: number | null;
  fired_at: Date;
  resolved_at: Date | null;
  resolution: Resolution | null;
  resolved_value: string | null;
}

export const INCIDENT_COLUMNS = `tenant_id, id, alert_id, alert_revision, app_id, alert_name, event_type, metric, condition, notify,
  time_zone, window_from, window_to, direction, value, expected, score, fired_at, resolved_at, resolution, resolved_value`;

export function alertOf(row: AlertRow): Alert {
  const { judged_to: end, expected, score } = row;
  return {
    tenantId: row.tenant_id,
    id: row.id,
    rule: ruleOf(row, row.name),
    enabled: row.enabled,
    revision: row.revision,
    episode: { state: row.state, quiet: row.quiet },
    last: end ? { end, value: Number(row.value), expected, score } : undefined,
    incidentId: row.incident_id ?? undefined,
    deleted: row.deleted,
    dueAt: row.due_at,
    createdBy: row.created_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function incidentOf(row: IncidentRow): Incident {
  const { resolved_at: at, resolution: why, resolved_value: value } = row;
  return {
    tenantId: row.tenant_id,
    id: row.id,
    alertId: row.alert_id,
    alertRevision: row.alert_revision,
    rule: ruleOf(row, row.alert_name),
    timeZone: row.time_zone,
    windowFrom: row.window_from,
    windowTo: row.window_to,
    direction: row.direction,
    value: Number(row.value),
    expected: row.expected,
    score: row.score,
    firedAt: row.fired_at,
    ...(at && why && { resolved: { at, why, value: value === null ? null : Number(value) } }),
  };
}

function ruleOf({ app_id, event_type, metric, condition, notify }: RuleRow, name: string): AlertRule {
  return { name, appId: app_id, eventType: event_type ?? undefined, metric, condition, notify };
}
