import { auditRecorded, Fact, TenantId } from '@libs/kernel';
import { hostOf } from '../managing/register-webhook';
import { DisabledReason } from '../webhook';

/** What is told when a webhook is given up: the tenant's people, and its audit log. Of its address the host alone is told. */
export function webhookDisabled(
  service: string,
  { tenantId, webhookId }: { tenantId: TenantId; webhookId: string },
  { url, reason, at }: { url: string; reason: DisabledReason; at: Date },
): Fact[] {
  const host = hostOf(new URL(url));
  return [
    {
      type: `${service}.webhook-disabled.v1`,
      tenantId,
      occurredAt: at,
      payload: { webhookId, host, reason, disabledAt: at.toISOString() },
    },
    auditRecorded(tenantId, at, {
      action: `${service}.webhook_disabled`,
      actorId: '',
      actorKind: 'system',
      target: webhookId,
      details: { host, reason },
    }),
  ];
}
