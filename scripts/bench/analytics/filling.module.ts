import { DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule } from '@libs/database';
import { Clock, SystemClock } from '@libs/kernel';
import { TenantZones } from '../../../apps/analytics/src/application/tenant-zones';
import { days } from '../../../apps/analytics/src/days.wiring';
import { PostgresTenantZones } from '../../../apps/analytics/src/infrastructure/postgres/postgres-tenant-zones';
import { BuildDaysSchedule } from '../../../apps/analytics/src/interfaces/schedule/build-days.schedule';
import { rebuilding } from '../../../apps/analytics/src/rebuilding.wiring';

/** What the analytics worker makes of events, without the log that it takes them from. */
@Module({})
export class FillingModule {
  static forRoot(workerUrl: string): DynamicModule {
    return {
      module: FillingModule,
      imports: [
        DatabaseModule.forRoot({
          name: 'analytics-bench',
          schema: 'analytics',
          url: workerUrl,
          poolMax: 4,
        }),
      ],
      providers: [
        { provide: Clock, useClass: SystemClock },
        { provide: TenantZones, useClass: PostgresTenantZones },
        ...rebuilding,
        ...days.providers.filter((provider) => provider !== BuildDaysSchedule), // they are made when it is asked for
      ],
    };
  }
}
