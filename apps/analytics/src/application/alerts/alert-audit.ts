import { auditRecorded, Fact, UserId } from '@libs/kernel';
import { Alert } from './alert';

/** For the audit log: whoever silences an alert can be asked why. */
export function alertAudited(
  what: 'created' | 'changed' | 'deleted',
  { tenantId, id, rule, enabled }: Alert,
  by: UserId,
  at: Date,
): Fact {
  return auditRecorded(tenantId, at, {
    action: `analytics.alert_${what}`,
    actorId: by,
    actorKind: 'person',
    target: id,
    details: { appId: rule.appId, metric: rule.metric, kind: rule.condition.kind, enabled: String(enabled) },
  });
}
