import { Erasures } from './application/erasures';
import { EventProjections } from './application/event-projections';
import { ErasePersons } from './application/people/erase-persons';
import { PersonEraser } from './application/people/person-eraser';
import { FindInsights } from './application/projections/find-insights';
import { InsightStore } from './application/projections/insight-store';
import { MarkSpending } from './application/projections/mark-spending';
import { NotificationStore } from './application/projections/notification-store';
import { NotifyPersons } from './application/projections/notify-persons';
import { EventsSinkConfig } from './events.config';
import { HmacPersonMarks } from './infrastructure/crypto/hmac-person-marks';
import { PostgresErasures } from './infrastructure/postgres/postgres-erasures';
import { PostgresInsightStore } from './infrastructure/postgres/postgres-insight.store';
import { PostgresNotificationStore } from './infrastructure/postgres/postgres-notification.store';
import { PostgresPersonEraser } from './infrastructure/postgres/postgres-person-eraser';
import { ErasePersonsOnPersonErased } from './interfaces/messaging/erase-persons-on-person-erased';
import { FindInsightsSchedule } from './interfaces/schedule/find-insights.schedule';
import { Wiring } from './wiring';

/** What is made of events beside their storing: notifications, insights; and the erasure of a person. */
export function projecting(config: EventsSinkConfig): Wiring {
  return {
    controllers: [ErasePersonsOnPersonErased],
    providers: [
      NotifyPersons,
      MarkSpending,
      FindInsights,
      FindInsightsSchedule,
      ErasePersons,
      {
        provide: EventProjections,
        useFactory: (notify: NotifyPersons, mark: MarkSpending) => new EventProjections([notify, mark]),
        inject: [NotifyPersons, MarkSpending],
      },
      { provide: HmacPersonMarks, useValue: new HmacPersonMarks(config.pseudonymSecret) },
      { provide: Erasures, useClass: PostgresErasures },
      { provide: PersonEraser, useClass: PostgresPersonEraser },
      { provide: NotificationStore, useClass: PostgresNotificationStore },
      { provide: InsightStore, useClass: PostgresInsightStore },
    ],
  };
}
