import { Injectable } from '@nestjs/common';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { WebhookStore } from '../postgres/webhook-store';
import { WebhookNotFound } from '../webhook.errors';
import { WebhookAudit } from './webhook-audit';

/** Nothing is sent to it any more, not even what waits; its log is gone from sight. */
@Injectable()
export class RemoveWebhook {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly store: WebhookStore,
    private readonly audit: WebhookAudit,
  ) {}

  /** @throws WebhookNotFound */
  execute(input: { tenantId: TenantId; by: string; webhookId: string }): Promise<void> {
    const { tenantId, webhookId } = input;
    return this.transaction.run(async () => {
      if (!(await this.store.remove(tenantId, webhookId))) throw new WebhookNotFound();
      await this.audit.record('removed', input);
    });
  }
}
