import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { VERSION } from '@libs/config';
import { isTransient } from '@libs/database';
import { createHttpApp } from '@libs/http';
import { connectTransport, eventTransport } from '@libs/messaging';
import { StoreHealth } from '@libs/redis';
import { ConsolidatedConfig } from './consolidated.config';
import { ConsolidatedModule, ConsolidatedReadingModule } from './consolidated.module';
import { Poison } from './interfaces/messaging/poison';

/** The consumer group: its position in the log is what "consolidated so far" means. */
export const CONSUMER_GROUP = 'consolidated';

/** The API and its consumer, initialised and consuming; whoever calls listens. */
export async function createConsolidatedApp(config: ConsolidatedConfig): Promise<NestFastifyApplication> {
  const transport = eventTransport(config.messaging, {
    group: CONSUMER_GROUP,
    isTransient,
    keep: (topic, letters) => app.get(Poison, { strict: false }).keep(topic, letters),
  });
  const app = await createHttpApp(ConsolidatedModule.forRoot(config), {
    name: 'consolidated',
    title: 'MoneyFlow consolidated',
    version: VERSION,
    settings: config.http,
    ready: {
      database: () => app.get(ConsolidatedReadingModule, { strict: false }).check(),
      redis: () => app.get(StoreHealth, { strict: false }).ping(),
      log: () => transport.check(),
    },
  });
  connectTransport(app, transport);
  await app.init();
  await app.startAllMicroservices();
  return app;
}
