import { Poison } from '@libs/messaging';
import { RefusedEvents, TakeEvents } from '@libs/tracked-events';
import { EventPartitions } from './application/event-partitions';
import { EventStore } from './application/event-store';
import { ExpiredEvents } from './application/expired-events';
import { KeepHouse } from './application/keep-house';
import { RetentionPolicies } from './application/retention-policies';
import { StoreEvents } from './application/store-events';
import { PostgresEventPartitions } from './infrastructure/postgres/postgres-event-partitions';
import { PostgresEventStore } from './infrastructure/postgres/postgres-event.store';
import { PostgresExpiredEvents } from './infrastructure/postgres/postgres-expired-events';
import { PostgresRetentionPolicies } from './infrastructure/postgres/postgres-retention-policies';
import { StoreOnEvents } from './interfaces/messaging/store-events.consumer';
import { StoringMetrics } from './interfaces/messaging/storing-metrics';
import { KeepHouseSchedule } from './interfaces/schedule/keep-house.schedule';
import { Wiring } from './wiring';

/** The sink proper: critical events, transactions, partitions, retention. */
export const storing: Wiring = {
  controllers: [StoreOnEvents],
  providers: [
    StoreEvents,
    KeepHouse,
    KeepHouseSchedule,
    Poison,
    RefusedEvents,
    TakeEvents,
    StoringMetrics,
    { provide: EventStore, useClass: PostgresEventStore },
    { provide: EventPartitions, useClass: PostgresEventPartitions },
    { provide: RetentionPolicies, useClass: PostgresRetentionPolicies },
    { provide: ExpiredEvents, useClass: PostgresExpiredEvents },
  ],
};
