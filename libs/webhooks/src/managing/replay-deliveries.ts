import { Injectable } from '@nestjs/common';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { DeliveryLog, MOST_REPLAYED } from '../postgres/delivery-log';
import { WebhookStore } from '../postgres/webhook-store';
import { Delivery } from '../webhook';
import { DeliveryNotFound, WebhookNotActive, WebhookNotFound } from '../webhook.errors';
import { WebhookAudit } from './webhook-audit';

export interface OfWebhook {
  tenantId: TenantId;
  by: string;
  webhookId: string;
}

/** Sends again, under the same ids: a receiver that has had one knows it. What was erased in between is not told again. */
@Injectable()
export class ReplayDeliveries {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly store: WebhookStore,
    private readonly log: DeliveryLog,
    private readonly audit: WebhookAudit,
  ) {}

  /** @throws WebhookNotFound, WebhookNotActive, DeliveryNotFound */
  one(input: OfWebhook & { deliveryId: string }): Promise<Delivery> {
    const { tenantId, webhookId, deliveryId } = input;
    return this.transaction.run(async () => {
      await this.refuseInactive(tenantId, webhookId);
      if (!(await this.log.find(tenantId, webhookId, deliveryId))) throw new DeliveryNotFound();
      await this.log.replay(tenantId, deliveryId);
      await this.audit.record('replayed', input, { delivery: deliveryId });
      const replayed = await this.log.find(tenantId, webhookId, deliveryId);
      if (!replayed) throw new DeliveryNotFound();
      return replayed;
    });
  }

  /** All that failed of what was made since then, 10,000 at most. @throws WebhookNotFound, WebhookNotActive */
  failedSince(input: OfWebhook & { since: Date }): Promise<{ replayed: number; more: boolean }> {
    const { tenantId, webhookId, since } = input;
    return this.transaction.run(async () => {
      await this.refuseInactive(tenantId, webhookId);
      const replayed = await this.log.replayFailed(tenantId, webhookId, since);
      const details = { since: since.toISOString(), replayed: String(replayed) };
      await this.audit.record('replayed', input, details);
      return { replayed, more: replayed === MOST_REPLAYED };
    });
  }

  private async refuseInactive(tenantId: TenantId, webhookId: string): Promise<void> {
    const webhook = await this.store.wakeUp(tenantId, webhookId);
    if (!webhook) throw new WebhookNotFound();
    if (webhook.status !== 'active') throw new WebhookNotActive();
  }
}
