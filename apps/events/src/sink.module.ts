import { DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule, RelayModule } from '@libs/database';
import { Clock, SystemClock } from '@libs/kernel';
import { MessagingModule } from '@libs/messaging';
import { KeepApiKeyOnApiKeyChanged, KeepDirectoryModule } from '@libs/security';
import { EventsSinkConfig } from './events.config';
import { KeepDirectoryOnTenantChanged } from './interfaces/messaging/keep-directory-on-tenant-changed';
import { keepingRejections } from './keeping-rejections.wiring';
import { projecting } from './projecting.wiring';
import { storing } from './storing.wiring';

/** The sinks: make something durable of the log, with a role that sees the tenants of the batch at hand. */
@Module({})
export class EventsSinkModule {
  static forRoot(config: EventsSinkConfig): DynamicModule {
    const messaging = MessagingModule.forRoot(config.messaging);
    const database = DatabaseModule.forRoot({ name: 'events-sink', schema: 'events', ...config.database });
    const parts = [storing, projecting(config), keepingRejections];
    return {
      module: EventsSinkModule,
      imports: [
        messaging,
        database,
        KeepDirectoryModule.forRoot({ imports: [database], schema: 'events' }),
        RelayModule.forRoot({ imports: [messaging], schema: 'events', ...config.relay }),
      ],
      controllers: [
        KeepDirectoryOnTenantChanged,
        KeepApiKeyOnApiKeyChanged,
        ...parts.flatMap(({ controllers }) => controllers),
      ],
      providers: [{ provide: Clock, useClass: SystemClock }, ...parts.flatMap(({ providers }) => providers)],
    };
  }
}
