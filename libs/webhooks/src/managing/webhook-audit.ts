import { auditRecorded, Clock, Outbox, TenantId } from '@libs/kernel';

export type WebhookAction = 'registered' | 'changed' | 'removed' | 'secret_rotated' | 'replayed';

/** Has the tenant's audit log tell who did what with a webhook, as `<service>.webhook_<action>`. */
export class WebhookAudit {
  constructor(
    private readonly service: string,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** In the open transaction. Addresses are told by their host alone: the rest of one may be a secret. */
  record(
    action: WebhookAction,
    of: { tenantId: TenantId; webhookId: string; by: string },
    details: Record<string, string> = {},
  ): Promise<void> {
    return this.outbox.add([
      auditRecorded(of.tenantId, this.clock.now(), {
        action: `${this.service}.webhook_${action}`,
        actorId: of.by,
        actorKind: 'person',
        target: of.webhookId,
        details,
      }),
    ]);
  }
}
