import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { VERSION } from '@libs/config';
import { isTransient, SqlSession } from '@libs/database';
import { createHttpApp } from '@libs/http';
import { connectTransport, eventTransport, Poison } from '@libs/messaging';
import { EventsSinkConfig } from './events.config';
import { EventsSinkModule } from './sink.module';

/** The consumer group of every topic that the sinks read. */
export const SINK_GROUP = 'events.sink';
/** A tenth of a second more until an event is seen, and a batch's round trips are for many. */
const GATHER_MS = 100;

/** The sinks, consuming as soon as this resolves. Its HTTP side has health and metrics only. */
export async function createEventsSink(config: EventsSinkConfig): Promise<NestFastifyApplication> {
  const transport = eventTransport(config.messaging, {
    group: SINK_GROUP,
    gatherMs: GATHER_MS,
    isTransient,
    keep: (topic, letters) => app.get(Poison, { strict: false }).keep(topic, letters),
  });
  const app = await createHttpApp(EventsSinkModule.forRoot(config), {
    name: 'events-sink',
    // nobody but a probe calls it
    settings: { ...config.http, rateLimitGeneralPerMin: 0 },
    title: 'MoneyFlow events sink',
    version: VERSION,
    ready: {
      database: async () => void (await app.get(SqlSession, { strict: false }).query('select 1')),
      log: () => transport.check(),
    },
  });
  connectTransport(app, transport);
  await app.init();
  await app.startAllMicroservices();
  return app;
}
