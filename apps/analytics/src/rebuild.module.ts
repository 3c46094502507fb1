import { DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule } from '@libs/database';
import { Clock, SystemClock } from '@libs/kernel';
import { RebuildConfig } from './analytics.config';
import { ExpiredEvents } from './application/expired-events';
import { KeptDays } from './application/kept-days';
import { PostgresExpiredEvents } from './infrastructure/postgres/postgres-expired-events';
import { rebuilding } from './rebuilding.wiring';

/** What the command `analytics:rebuild` needs, as the worker's role. */
@Module({})
export class RebuildModule {
  static forRoot({ worker }: RebuildConfig): DynamicModule {
    return {
      module: RebuildModule,
      imports: [
        DatabaseModule.forRoot({
          name: 'analytics-rebuild',
          schema: 'analytics',
          url: worker.url,
          urlVariable: 'DATABASE_ANALYTICS_URL',
          poolMax: 2,
        }),
      ],
      providers: [
        { provide: Clock, useClass: SystemClock },
        ...rebuilding,
        KeptDays,
        { provide: ExpiredEvents, useClass: PostgresExpiredEvents },
      ],
    };
  }
}
