import { ChangeRetention } from './application/change-retention';
import { ReadRetention } from './application/read-retention';
import { Retention } from './application/retention';
import { RetentionPolicies } from './application/retention-policies';
import { PostgresRetentionPolicies } from './infrastructure/postgres/postgres-retention-policies';
import { RetentionSnapshot } from './infrastructure/postgres/retention-snapshot';
import { RetentionController } from './interfaces/http/retention.controller';
import { Wiring } from './wiring';

/** How long each tenant keeps its events: what the collector admits, and the routes to change it. */
export const retaining: Wiring = {
  controllers: [RetentionController],
  providers: [
    ReadRetention,
    ChangeRetention,
    { provide: Retention, useClass: RetentionSnapshot },
    { provide: RetentionPolicies, useClass: PostgresRetentionPolicies },
  ],
};
