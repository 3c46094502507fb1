import { Injectable } from '@nestjs/common';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { DeliveryFilter, DeliveryLog } from '../postgres/delivery-log';
import { WebhookStore } from '../postgres/webhook-store';
import { Attempt, Delivery } from '../webhook';
import { DeliveryNotFound, WebhookNotFound } from '../webhook.errors';

/** What became of a webhook's deliveries in the last 30 days. */
@Injectable()
export class ShowDeliveries {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly store: WebhookStore,
    private readonly log: DeliveryLog,
  ) {}

  /** Newest first. @throws WebhookNotFound */
  list(tenantId: TenantId, filter: DeliveryFilter, limit: number): Promise<Delivery[]> {
    return this.transaction.run(async () => {
      if (!(await this.store.find(tenantId, filter.webhookId))) throw new WebhookNotFound();
      return this.log.list(tenantId, filter, limit);
    });
  }

  /** @throws DeliveryNotFound, WebhookNotFound */
  one(
    tenantId: TenantId,
    webhookId: string,
    deliveryId: string,
  ): Promise<{ delivery: Delivery; attempts: Attempt[] }> {
    return this.transaction.run(async () => {
      if (!(await this.store.find(tenantId, webhookId))) throw new WebhookNotFound();
      const delivery = await this.log.find(tenantId, webhookId, deliveryId);
      if (!delivery) throw new DeliveryNotFound();
      return { delivery, attempts: await this.log.attempts(tenantId, deliveryId) };
    });
  }
}
