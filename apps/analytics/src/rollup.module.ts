import { DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule, RelayModule } from '@libs/database';
import { Clock, SystemClock } from '@libs/kernel';
import { MessagingModule } from '@libs/messaging';
import { KeepApiKeyOnApiKeyChanged, KeepDirectoryModule } from '@libs/security';
import { alerting } from './alerting.wiring';
import { AnalyticsWorkerConfig } from './analytics.config';
import { days } from './days.wiring';
import { delivering } from './delivering.wiring';
import { erasing } from './erasing.wiring';
import { KeepTenantOnTenantChanged } from './interfaces/messaging/keep-tenant-on-tenant-changed';
import { storing } from './storing.wiring';
import { TenantZones } from './application/tenant-zones';
import { PostgresTenantZones } from './infrastructure/postgres/postgres-tenant-zones';

/** Makes of the log the raw store and its rollups, with a role that sees the tenants of the batch at hand. */
@Module({})
export class AnalyticsWorkerModule {
  static forRoot(config: AnalyticsWorkerConfig): DynamicModule {
    const messaging = MessagingModule.forRoot(config.messaging);
    const database = DatabaseModule.forRoot({
      name: 'analytics-worker',
      schema: 'analytics',
      ...config.database,
    });
    const parts = [storing(config), days, erasing, alerting, delivering(config)];
    return {
      module: AnalyticsWorkerModule,
      imports: [
        messaging,
        database,
        KeepDirectoryModule.forRoot({ imports: [database], schema: 'analytics' }),
        RelayModule.forRoot({ imports: [messaging], schema: 'analytics', ...config.relay }),
      ],
      controllers: [
        KeepTenantOnTenantChanged,
        KeepApiKeyOnApiKeyChanged,
        ...parts.flatMap(({ controllers }) => controllers),
      ],
      providers: [
        { provide: Clock, useClass: SystemClock },
        { provide: TenantZones, useClass: PostgresTenantZones },
        ...parts.flatMap(({ providers }) => providers),
      ],
    };
  }
}
