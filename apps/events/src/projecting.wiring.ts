import { ErasePersonsOnPersonErased, erasingPersons, keepingErasedOut, PersonEraser } from '@libs/persons';
import { EventProjections } from './application/event-projections';
import { AlertNotificationStore } from './application/projections/alert-notification-store';
import { FindInsights } from './application/projections/find-insights';
import { InsightStore } from './application/projections/insight-store';
import { MarkSpending } from './application/projections/mark-spending';
import { NotificationStore } from './application/projections/notification-store';
import { NotifyOfDisabledWebhooks } from './application/projections/notify-of-disabled-webhooks';
import { NotifyOfAlerts } from './application/projections/notify-of-alerts';
import { NotifyPersons } from './application/projections/notify-persons';
import { WebhookNotificationStore } from './application/projections/webhook-notification-store';
import { EventsSinkConfig } from './events.config';
import { PostgresAlertNotificationStore } from './infrastructure/postgres/postgres-alert-notification.store';
import { PostgresInsightStore } from './infrastructure/postgres/postgres-insight.store';
import { PostgresNotificationStore } from './infrastructure/postgres/postgres-notification.store';
import { PostgresWebhookNotificationStore } from './infrastructure/postgres/postgres-webhook-notification.store';
import { SinkPersonEraser } from './infrastructure/postgres/sink-person-eraser';
import { NotifyOnAlerts } from './interfaces/messaging/notify-on-alerts.consumer';
import { NotifyOnWebhookDisabled } from './interfaces/messaging/notify-on-webhook-disabled.consumer';
import { FindInsightsSchedule } from './interfaces/schedule/find-insights.schedule';
import { Wiring } from './wiring';

/** What is made of events beside their storing: notifications, insights; and the erasure of a person. */
export function projecting(config: EventsSinkConfig): Wiring {
  return {
    controllers: [ErasePersonsOnPersonErased, NotifyOnAlerts, NotifyOnWebhookDisabled],
    providers: [
      NotifyPersons,
      NotifyOfAlerts,
      NotifyOfDisabledWebhooks,
      MarkSpending,
      FindInsights,
      FindInsightsSchedule,
      {
        provide: EventProjections,
        useFactory: (notify: NotifyPersons, mark: MarkSpending) => new EventProjections([notify, mark]),
        inject: [NotifyPersons, MarkSpending],
      },
      ...keepingErasedOut('events', config.pseudonymSecret),
      ...erasingPersons('events'),
      { provide: PersonEraser, useClass: SinkPersonEraser },
      { provide: AlertNotificationStore, useClass: PostgresAlertNotificationStore },
      { provide: WebhookNotificationStore, useClass: PostgresWebhookNotificationStore },
      { provide: NotificationStore, useClass: PostgresNotificationStore },
      { provide: InsightStore, useClass: PostgresInsightStore },
    ],
  };
}
