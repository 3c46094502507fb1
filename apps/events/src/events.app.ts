import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { VERSION } from '@libs/config';
import { SqlSession } from '@libs/database';
import { createHttpApp } from '@libs/http';
import { EventsConfig } from './events.config';
import { EventsModule } from './events.module';
import { PER_KEY, PER_SENDER } from './interfaces/http/collect-limits';
import { PAGE_PATHS } from './pages.wiring';
import { SDK_PATHS } from './sdk.wiring';

/** The collector and the reading API, initialised and not listening. */
export async function createEventsApp(config: EventsConfig): Promise<NestFastifyApplication> {
  const app = await createHttpApp(EventsModule.forRoot(config), {
    name: 'events',
    settings: config.http,
    title: 'MoneyFlow events',
    version: VERSION,
    description: 'Tracked events of pages and apps: accepted once the log has them, and what became of them.',
    outsidePrefix: [...SDK_PATHS, ...PAGE_PATHS],
    rateLimits: { [PER_SENDER]: config.eventsPerMinute, [PER_KEY]: config.keyPerMinute },
    ready: {
      database: async () => void (await app.get(SqlSession, { strict: false }).query('select 1')),
    },
  });
  await app.init();
  return app;
}
