import { SqlSession } from '@libs/database';
import { Erasures } from '@libs/kernel';
import { Poison } from '@libs/messaging';
import { HmacPersonMarks, PostgresErasures } from '@libs/persons';
import { RefusedEvents, TakeEvents } from '@libs/tracked-events';
import { AnalyticsWorkerConfig } from './analytics.config';
import { EventPartitions } from './application/event-partitions';
import { RawEventStore } from './application/raw-event.store';
import { RetentionPolicies } from './application/retention-policies';
import { RollupStore } from './application/rollup.store';
import { SessionStore } from './application/session.store';
import { StoreEvents } from './application/store-events';
import { IdentityHash } from './domain/identity';
import { HmacIdentityHash } from './infrastructure/crypto/hmac-identity-hash';
import { PostgresEventPartitions } from './infrastructure/postgres/postgres-event-partitions';
import { PostgresRawEventStore } from './infrastructure/postgres/postgres-raw-event.store';
import { PostgresRetentionPolicies } from './infrastructure/postgres/postgres-retention-policies';
import { PostgresRollupStore } from './infrastructure/postgres/postgres-rollup.store';
import { PostgresSessionStore } from './infrastructure/postgres/postgres-session.store';
import { RollUpOnEvents } from './interfaces/messaging/store-events.consumer';
import { StoringMetrics } from './interfaces/messaging/storing-metrics';
import { Wiring } from './wiring';

/** The consumer proper: raw events, quarters and sessions in one transaction; partitions and retention. */
export function storing(config: Pick<AnalyticsWorkerConfig, 'pseudonymSecret'>): Wiring {
  return {
    controllers: [RollUpOnEvents],
    providers: [
      StoreEvents,
      Poison,
      RefusedEvents,
      TakeEvents,
      StoringMetrics,
      {
        provide: Erasures,
        useFactory: (sql: SqlSession) =>
          new PostgresErasures(sql, new HmacPersonMarks(config.pseudonymSecret), 'analytics'),
        inject: [SqlSession],
      },
      { provide: IdentityHash, useValue: new HmacIdentityHash(config.pseudonymSecret) },
      { provide: RawEventStore, useClass: PostgresRawEventStore },
      { provide: EventPartitions, useClass: PostgresEventPartitions },
      { provide: RollupStore, useClass: PostgresRollupStore },
      { provide: SessionStore, useClass: PostgresSessionStore },
      { provide: RetentionPolicies, useClass: PostgresRetentionPolicies },
    ],
  };
}
