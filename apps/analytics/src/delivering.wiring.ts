import { WebhookBodies } from '@libs/kernel';
import { sendingWebhooks } from '@libs/webhooks';
import { AnalyticsWorkerConfig } from './analytics.config';
import { ComposeBodies } from './application/webhooks/compose-bodies';
import { ComposeEvents } from './application/webhooks/compose-events';
import { NamedEventReader } from './application/webhooks/named-event.reader';
import { PostgresNamedEventReader } from './infrastructure/postgres/postgres-named-event.reader';
import { Wiring } from './wiring';

/** Tells webhooks what waits for them. */
export function delivering({ webhooks }: Pick<AnalyticsWorkerConfig, 'webhooks'>): Wiring {
  return {
    controllers: [],
    providers: [
      ...sendingWebhooks('analytics', webhooks),
      ComposeEvents,
      { provide: NamedEventReader, useClass: PostgresNamedEventReader },
      { provide: WebhookBodies, useClass: ComposeBodies },
    ],
  };
}
