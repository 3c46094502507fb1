import { Injectable } from '@nestjs/common';
import { newId, TenantId, TenantTransaction } from '@libs/kernel';
import { DeliveryLog } from '../postgres/delivery-log';
import { WebhookStore } from '../postgres/webhook-store';
import { TEST_EVENT } from '../webhook';
import { WebhookNotActive, WebhookNotFound } from '../webhook.errors';

/** Sends `webhook.test`, so that a person sees whether the receiver is there and takes the signature. */
@Injectable()
export class TestWebhook {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly store: WebhookStore,
    private readonly log: DeliveryLog,
  ) {}

  /** @returns the delivery's id, where the outcome is seen @throws WebhookNotFound, WebhookNotActive */
  async execute({ tenantId, webhookId }: { tenantId: TenantId; webhookId: string }): Promise<string> {
    const id = newId();
    await this.transaction.run(async () => {
      const webhook = await this.store.wakeUp(tenantId, webhookId);
      if (!webhook) throw new WebhookNotFound();
      if (webhook.status !== 'active') throw new WebhookNotActive();
      await this.log.addTest(tenantId, webhookId, id, TEST_EVENT);
    });
    return id;
  }
}
