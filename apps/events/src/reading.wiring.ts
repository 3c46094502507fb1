import { InsightReader } from './application/reading/insight.reader';
import { ListInsights } from './application/reading/list-insights';
import { ListNotifications } from './application/reading/list-notifications';
import { ListTransactions } from './application/reading/list-transactions';
import { ListUserEvents } from './application/reading/list-user-events';
import { MarkNotification } from './application/reading/mark-notification';
import { NotificationRepository } from './application/reading/notification.repository';
import { PersonFilters } from './application/reading/person-filters';
import { ShowInsight } from './application/reading/show-insight';
import { ShowNotification } from './application/reading/show-notification';
import { TransactionReader } from './application/reading/transaction.reader';
import { UserEventReader } from './application/reading/user-event.reader';
import { PostgresInsightReader } from './infrastructure/postgres/postgres-insight.reader';
import { PostgresNotificationRepository } from './infrastructure/postgres/postgres-notification.repository';
import { PostgresTransactionReader } from './infrastructure/postgres/postgres-transaction.reader';
import { PostgresUserEventReader } from './infrastructure/postgres/postgres-user-event.reader';
import { InsightsController } from './interfaces/http/insights.controller';
import { NotificationsController } from './interfaces/http/notifications.controller';
import { TransactionsController } from './interfaces/http/transactions.controller';
import { UserEventsController } from './interfaces/http/user-events.controller';
import { Wiring } from './wiring';

/** What the sinks made of the events, for reading. */
export const reading: Wiring = {
  controllers: [UserEventsController, TransactionsController, NotificationsController, InsightsController],
  providers: [
    PersonFilters,
    ListUserEvents,
    ListTransactions,
    ListNotifications,
    ShowNotification,
    MarkNotification,
    ListInsights,
    ShowInsight,
    { provide: UserEventReader, useClass: PostgresUserEventReader },
    { provide: TransactionReader, useClass: PostgresTransactionReader },
    { provide: NotificationRepository, useClass: PostgresNotificationRepository },
    { provide: InsightReader, useClass: PostgresInsightReader },
  ],
};
