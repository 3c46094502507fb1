import { Poison } from '@libs/messaging';
import {
  monthlyPartitions,
  RefusedEvents,
  StoringMetrics,
  TakeEvents,
  UpkeepSchedule,
} from '@libs/tracked-events';
import { EventStore } from './application/event-store';
import { ExpiredEvents } from './application/expired-events';
import { KeepHouse } from './application/keep-house';
import { RetentionPolicies } from './application/retention-policies';
import { StoreEvents } from './application/store-events';
import { PostgresEventStore } from './infrastructure/postgres/postgres-event.store';
import { PostgresExpiredEvents } from './infrastructure/postgres/postgres-expired-events';
import { PostgresRetentionPolicies } from './infrastructure/postgres/postgres-retention-policies';
import { StoreOnEvents } from './interfaces/messaging/store-events.consumer';
import { Wiring } from './wiring';

const metrics = () =>
  new StoringMetrics({
    stored: 'events_stored_total',
    storedHelp: 'Critical events that were new.',
    duplicates: 'events_sink_duplicates_total',
    erased: 'events_erased_kept_out_total',
    refused: 'events_sink_rejected_total',
    batchSize: 'events_sink_batch_size',
  });

/** The sink proper: critical events, transactions, partitions, retention. */
export const storing: Wiring = {
  controllers: [StoreOnEvents],
  providers: [
    StoreEvents,
    KeepHouse,
    {
      provide: UpkeepSchedule,
      useFactory: (house: KeepHouse) => new UpkeepSchedule('events', house),
      inject: [KeepHouse],
    },
    Poison,
    RefusedEvents,
    TakeEvents,
    { provide: StoringMetrics, useFactory: metrics },
    monthlyPartitions('events'),
    { provide: EventStore, useClass: PostgresEventStore },
    { provide: RetentionPolicies, useClass: PostgresRetentionPolicies },
    { provide: ExpiredEvents, useClass: PostgresExpiredEvents },
  ],
};
