import { Injectable } from '@nestjs/common';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { WebhookStore } from '../postgres/webhook-store';
import { Webhook } from '../webhook';
import { WebhookNotFound } from '../webhook.errors';

/** A tenant's webhooks, and how they do. */
@Injectable()
export class ShowWebhooks {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly store: WebhookStore,
  ) {}

  /** Oldest first. */
  list(tenantId: TenantId, { after, limit }: { after?: string; limit: number }): Promise<Webhook[]> {
    return this.transaction.run(() => this.store.list(tenantId, after, limit));
  }

  /** @throws WebhookNotFound, also for another tenant's */
  async one(tenantId: TenantId, webhookId: string): Promise<Webhook> {
    const webhook = await this.transaction.run(() => this.store.find(tenantId, webhookId));
    if (!webhook) throw new WebhookNotFound();
    return webhook;
  }
}
