import { Clock } from '@libs/kernel';
import { Cache } from '@libs/redis';
import { AnalyticsConfig } from './analytics.config';
import { Reports } from './application/report-cache';
import { ReportStore } from './application/report-store';
import { ReportVersions } from './application/report-versions';
import { RankValues } from './application/reports/rank-values';
import { RawSummaryReader } from './application/reports/raw-summary.reader';
import { RollupReader } from './application/reports/rollup.reader';
import { ShowOverview } from './application/reports/show-overview';
import { ShowTimeline } from './application/reports/show-timeline';
import { Summarise } from './application/reports/summarise';
import { TenantZones } from './application/tenant-zones';
import { ZoneOfTenant } from './application/zone-of-tenant';
import { CachedReportStore } from './infrastructure/cache/cached-report.store';
import { BoundedRollupReader } from './infrastructure/postgres/bounded-rollup.reader';
import { HeavyReading } from './infrastructure/postgres/heavy-reading';
import { PostgresRawSummaryReader } from './infrastructure/postgres/postgres-raw-summary.reader';
import { PostgresReportVersions } from './infrastructure/postgres/postgres-report-versions';
import { PostgresRollupReader } from './infrastructure/postgres/postgres-rollup.reader';
import { PostgresTenantZones } from './infrastructure/postgres/postgres-tenant-zones';
import { RollupReadingCost } from './infrastructure/postgres/rollup-reading-cost';
import { AppReportsController } from './interfaces/http/app-reports.controller';
import { EventReportsController } from './interfaces/http/event-reports.controller';
import { ReportScopes } from './interfaces/http/period.query';
import { Wiring } from './wiring';

/** Reports that are read from the rollups: summary, timeline, top values, overview. */
export function reports(config: AnalyticsConfig): Wiring {
  return {
    controllers: [EventReportsController, AppReportsController],
    providers: [
      Reports,
      ReportScopes,
      ZoneOfTenant,
      Summarise,
      ShowTimeline,
      RankValues,
      ShowOverview,
      PostgresRollupReader,
      RollupReadingCost,
      {
        provide: RollupReader,
        useFactory: (reader: PostgresRollupReader, cost: RollupReadingCost, heavy: HeavyReading) =>
          new BoundedRollupReader(reader, cost, heavy),
        inject: [PostgresRollupReader, RollupReadingCost, HeavyReading],
      },
      { provide: RawSummaryReader, useClass: PostgresRawSummaryReader },
      { provide: TenantZones, useClass: PostgresTenantZones },
      { provide: ReportVersions, useClass: PostgresReportVersions },
      {
        provide: ReportStore,
        useFactory: (cache: Cache, clock: Clock) => new CachedReportStore(cache, config.cacheSeconds, clock),
        inject: [Cache, Clock],
      },
    ],
  };
}
