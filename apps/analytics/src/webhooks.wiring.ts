import { IdempotencySecret } from '@libs/http';
import { managingWebhooks, WebhookEvents } from '@libs/webhooks';
import { AnalyticsConfig } from './analytics.config';
import { AnalyticsWebhookEvents } from './infrastructure/webhooks/analytics-webhook-events';
import { WebhookDeliveriesController } from './interfaces/http/webhook-deliveries.controller';
import { WebhooksController } from './interfaces/http/webhooks.controller';
import { Wiring } from './wiring';

/** A tenant's webhooks: who is told what, and what became of it. */
export function webhooks({ webhooks }: AnalyticsConfig): Wiring {
  return {
    controllers: [WebhooksController, WebhookDeliveriesController],
    providers: [
      ...managingWebhooks('analytics', webhooks),
      { provide: WebhookEvents, useClass: AnalyticsWebhookEvents },
      // of answers that show a webhook's secret
      { provide: IdempotencySecret, useValue: new IdempotencySecret(webhooks.secret) },
    ],
  };
}
