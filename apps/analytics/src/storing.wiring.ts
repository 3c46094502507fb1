import { Poison } from '@libs/messaging';
import { keepingErasedOut } from '@libs/persons';
import {
  monthlyPartitions,
  RefusedEvents,
  StoringMetrics,
  TakeEvents,
  UpkeepSchedule,
} from '@libs/tracked-events';
import { AnalyticsWorkerConfig } from './analytics.config';
import { ExpiredEvents } from './application/expired-events';
import { KeepHouse } from './application/keep-house';
import { RawEventStore } from './application/raw-event.store';
import { RetentionPolicies } from './application/retention-policies';
import { StoreEvents } from './application/store-events';
import { IdentityHash } from './domain/identity';
import { HmacIdentityHash } from './infrastructure/crypto/hmac-identity-hash';
import { PostgresExpiredEvents } from './infrastructure/postgres/postgres-expired-events';
import { PostgresRawEventStore } from './infrastructure/postgres/postgres-raw-event.store';
import { PostgresRetentionPolicies } from './infrastructure/postgres/postgres-retention-policies';
import { KeepRetentionOnRetentionChanged } from './interfaces/messaging/keep-retention-on-retention-changed';
import { RollUpOnEvents } from './interfaces/messaging/store-events.consumer';
import { rebuilding } from './rebuilding.wiring';
import { telling } from './telling.wiring';
import { Wiring } from './wiring';

const metrics = () =>
  new StoringMetrics({
    stored: 'analytics_stored_total',
    storedHelp: 'Events that were new.',
    duplicates: 'analytics_duplicates_total',
    erased: 'analytics_erased_kept_out_total',
    refused: 'analytics_rejected_total',
    batchSize: 'analytics_batch_size',
  });

/** The consumer proper: raw events, quarters and sessions in one transaction; partitions and retention. */
export function storing(config: Pick<AnalyticsWorkerConfig, 'pseudonymSecret'>): Wiring {
  return {
    controllers: [RollUpOnEvents, KeepRetentionOnRetentionChanged],
    providers: [
      ...rebuilding,
      ...telling,
      StoreEvents,
      KeepHouse,
      {
        provide: UpkeepSchedule,
        useFactory: (house: KeepHouse) => new UpkeepSchedule('analytics', house),
        inject: [KeepHouse],
      },
      Poison,
      RefusedEvents,
      TakeEvents,
      { provide: StoringMetrics, useFactory: metrics },
      ...keepingErasedOut('analytics', config.pseudonymSecret),
      { provide: IdentityHash, useValue: new HmacIdentityHash(config.pseudonymSecret) },
      { provide: RawEventStore, useClass: PostgresRawEventStore },
      monthlyPartitions('analytics'),
      { provide: ExpiredEvents, useClass: PostgresExpiredEvents },
      { provide: RetentionPolicies, useClass: PostgresRetentionPolicies },
    ],
  };
}
