import { Injectable } from '@nestjs/common';
import { TenantId, TenantTransaction } from '@libs/kernel';
import { ToldDisabling, webhookNotification } from '../../domain/webhook-notification';
import { WebhookNotificationStore } from './webhook-notification-store';

/** Tells everybody of a tenant that one of its webhooks was given up; told again it is told once. */
@Injectable()
export class NotifyOfDisabledWebhooks {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly store: WebhookNotificationStore,
  ) {}

  async execute(disablings: readonly (ToldDisabling & { tenantId: TenantId })[]): Promise<void> {
    if (disablings.length === 0) return;
    const tenantIds = [...new Set(disablings.map(({ tenantId }) => tenantId))];
    const notifications = disablings.map((told) => ({
      tenantId: told.tenantId,
      told,
      notification: webhookNotification(told),
    }));
    await this.transaction.runFor(tenantIds, () => this.store.add(notifications));
  }
}
