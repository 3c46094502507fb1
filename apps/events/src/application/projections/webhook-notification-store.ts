import { TenantId } from '@libs/kernel';
import { Notification } from '../../domain/notification';
import { ToldDisabling } from '../../domain/webhook-notification';

/** A notification for everybody of a tenant, and the webhook that it is about. */
export interface WebhookNotification {
  tenantId: TenantId;
  told: Pick<ToldDisabling, 'webhookId' | 'disabledAt'>;
  notification: Notification;
}

/** Notifications of webhooks in the table `notifications`, in the open transaction. */
export abstract class WebhookNotificationStore {
  /** Keeps those of which there is none yet, by webhook and time. One statement. */
  abstract add(notifications: readonly WebhookNotification[]): Promise<void>;
}
