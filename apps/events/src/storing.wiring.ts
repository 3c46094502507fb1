import { EventPartitions } from './application/event-partitions';
import { EventProjections } from './application/event-projections';
import { EventStore } from './application/event-store';
import { RetentionPolicies } from './application/retention-policies';
import { StoreEvents } from './application/store-events';
import { PostgresEventPartitions } from './infrastructure/postgres/postgres-event-partitions';
import { PostgresEventStore } from './infrastructure/postgres/postgres-event.store';
import { PostgresRetentionPolicies } from './infrastructure/postgres/postgres-retention-policies';
import { Poison } from './interfaces/messaging/poison';
import { RefusedEvents } from './interfaces/messaging/refused-events';
import { StoreOnEvents } from './interfaces/messaging/store-events.consumer';
import { StoringMetrics } from './interfaces/messaging/storing-metrics';
import { Wiring } from './wiring';

/** The sink proper: critical events, transactions, partitions, retention. */
export const storing: Wiring = {
  controllers: [StoreOnEvents],
  providers: [
    StoreEvents,
    Poison,
    RefusedEvents,
    StoringMetrics,
    { provide: EventStore, useClass: PostgresEventStore },
    { provide: EventPartitions, useClass: PostgresEventPartitions },
    { provide: RetentionPolicies, useClass: PostgresRetentionPolicies },
    // Whatever is made of events: projecting.wiring.ts binds what there is.
    { provide: EventProjections, useFactory: () => new EventProjections([]) },
  ],
};
