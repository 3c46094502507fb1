import { DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule } from '@libs/database';
import { Clock, SystemClock } from '@libs/kernel';
import { MessagingModule } from '@libs/messaging';
import { RedisModule } from '@libs/redis';
import { DirectoryModule, SecurityModule } from '@libs/security';
import { collecting } from './collecting.wiring';
import { EventsConfig } from './events.config';
import { pages } from './pages.wiring';
import { people } from './people.wiring';
import { reading } from './reading.wiring';
import { rejections } from './rejections.wiring';
import { retaining } from './retaining.wiring';
import { sdk } from './sdk.wiring';

/** The HTTP side: collects events into the log, and shows what the sinks made of them. */
@Module({})
export class EventsModule {
  static forRoot(config: EventsConfig): DynamicModule {
    // The same objects wherever they are imported: Nest would make a second one of a second description.
    const redis = RedisModule.forRoot(config.redis);
    const messaging = MessagingModule.forRoot(config.messaging);
    const database = DatabaseModule.forRoot({ name: 'events-api', schema: 'events', ...config.database });
    const directory = DirectoryModule.forRoot(config.hosts, {
      imports: [database],
      schema: 'events',
      apiKeys: true,
    });
    const security = SecurityModule.forRoot(config.security, {
      imports: [redis, directory, messaging],
      apiKeys: config.apiKeys,
    });
    const parts = [collecting(config), rejections, reading, people(config), pages, sdk, retaining];
    return {
      module: EventsModule,
      imports: [redis, messaging, database, directory, security],
      controllers: parts.flatMap(({ controllers }) => controllers),
      providers: [{ provide: Clock, useClass: SystemClock }, ...parts.flatMap(({ providers }) => providers)],
    };
  }
}
