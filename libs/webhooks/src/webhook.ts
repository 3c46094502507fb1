import { TenantId } from '@libs/kernel';

export const MOST_WEBHOOKS = 20;
export const MOST_EVENTS = 50;
export const LONGEST_OVERLAP_HOURS = 168;
export const DEFAULT_OVERLAP_HOURS = 24;
/** Sent by TestWebhook to one webhook, whatever it wants to be told. */
export const TEST_EVENT = 'webhook.test';

export const WEBHOOK_STATUSES = ['active', 'paused', 'disabled'] as const;
export type WebhookStatus = (typeof WEBHOOK_STATUSES)[number];

/** `gone`: the receiver answered 410. `failing`: for three days nothing could be delivered. */
export type DisabledReason = 'gone' | 'failing';

export interface Webhook {
  tenantId: TenantId;
  id: string;
  url: string;
  description?: string;
  /** `event.page_view`, `event.*`. */
  events: readonly string[];
  /** Absent: of all applications. */
  appId?: string;
  status: WebhookStatus;
  disabledReason?: DisabledReason;
  /** Consecutive failures, and since when. */
  failures: number;
  failingSince?: Date;
  /** Until when the secret before this one signs, too. */
  previousSecretUntil?: Date;
  createdBy: string;
  createdAt: Date;
}

export const DELIVERY_STATUSES = ['waiting', 'delivered', 'failed', 'cancelled'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

export interface Delivery {
  id: string;
  webhookId: string;
  type: string;
  status: DeliveryStatus;
  /** Why it failed or was cancelled. */
  reason?: string;
  attempts: number;
  /** Of one that waits. */
  nextTryAt?: Date;
  createdAt: Date;
  finishedAt?: Date;
}

export interface Attempt {
  attempt: number;
  at: Date;
  durationMs: number;
  httpStatus?: number;
  error?: string;
  answer?: string;
}

/** Which events an application's webhooks can be told of. */
export abstract class WebhookEvents {
  /** @param event as somebody wants to subscribe to it: `event.page_view`, `event.*` */
  abstract knows(event: string): boolean;
}
