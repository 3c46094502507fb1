import { Cache } from '@libs/redis';
import { AnalyticsConfig } from './analytics.config';
import { Reports } from './application/report-cache';
import { ReportStore } from './application/report-store';
import { ReportVersions } from './application/report-versions';
import { TenantZones } from './application/tenant-zones';
import { ZoneOfTenant } from './application/zone-of-tenant';
import { CachedReportStore } from './infrastructure/cache/cached-report.store';
import { PostgresReportVersions } from './infrastructure/postgres/postgres-report-versions';
import { PostgresTenantZones } from './infrastructure/postgres/postgres-tenant-zones';
import { ReportScopes } from './interfaces/http/period.query';
import { Wiring } from './wiring';

/** Reports that are read from the rollups: summary, timeline, top values, overview. */
export function reports(config: AnalyticsConfig): Wiring {
  return {
    controllers: [],
    providers: [
      Reports,
      ReportScopes,
      ZoneOfTenant,
      { provide: TenantZones, useClass: PostgresTenantZones },
      { provide: ReportVersions, useClass: PostgresReportVersions },
      {
        provide: ReportStore,
        useFactory: (cache: Cache) => new CachedReportStore(cache, config.cacheSeconds),
        inject: [Cache],
      },
    ],
  };
}
