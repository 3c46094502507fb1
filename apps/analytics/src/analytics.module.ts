import { DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule } from '@libs/database';
import { Clock, SystemClock } from '@libs/kernel';
import { MessagingModule } from '@libs/messaging';
import { RedisModule } from '@libs/redis';
import { DirectoryModule, SecurityModule } from '@libs/security';
import { alerts } from './alerts.wiring';
import { AnalyticsConfig } from './analytics.config';
import { live } from './live.wiring';
import { people } from './people.wiring';
import { raw } from './raw.wiring';
import { ReadingDatabaseModule } from './reading-database.module';
import { reports } from './reports.wiring';
import { webhooks } from './webhooks.wiring';

/** The HTTP side: reads what the worker made of the events. */
@Module({})
export class AnalyticsModule {
  static forRoot(config: AnalyticsConfig): DynamicModule {
    // The same objects wherever they are imported: Nest would make a second one of a second description.
    const redis = RedisModule.forRoot(config.redis);
    const messaging = MessagingModule.forRoot(config.messaging);
    const database = DatabaseModule.forRoot({
      name: 'analytics-api',
      schema: 'analytics',
      ...config.database,
    });
    const directory = DirectoryModule.forRoot(config.hosts, {
      imports: [database],
      schema: 'analytics',
      apiKeys: true,
    });
    const security = SecurityModule.forRoot(config.security, {
      imports: [redis, directory, messaging],
      apiKeys: config.apiKeys,
    });
    const reading = ReadingDatabaseModule.forRoot(config, database);
    const parts = [reports(config), raw(config), people(config), alerts, live, webhooks(config)];
    return {
      module: AnalyticsModule,
      imports: [redis, messaging, database, reading, directory, security],
      controllers: parts.flatMap(({ controllers }) => controllers),
      providers: [{ provide: Clock, useClass: SystemClock }, ...parts.flatMap(({ providers }) => providers)],
    };
  }
}
