import { DynamicModule } from '@nestjs/common';
import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { VERSION } from '@libs/config';
import { isTransient, SqlSession } from '@libs/database';
import { createHttpApp, HttpSettings } from '@libs/http';
import { connectTransport, eventTransport, MessagingSettings, Poison } from '@libs/messaging';

/** A tenth of a second more until an event is seen, and a batch's round trips are for many. */
const GATHER_MS = 100;

export interface ConsumingApp {
  /** Labels metrics: `events-sink`. */
  name: string;
  /** For the OpenAPI document and /health. */
  title: string;
  /** The consumer group of every topic that its handlers name. */
  group: string;
  /** Binds the handlers, a database, and `Poison` for what cannot be handled. */
  module: DynamicModule;
  settings: { http: HttpSettings; messaging: MessagingSettings };
  /** What a handler gets at once, in messages and in characters, where it is not what the transport hands out. */
  maxBatch?: number;
  maxBatchSize?: number;
}

/** What consumes tracked events, consuming as soon as this resolves. Its HTTP side has health and metrics only. */
export async function createConsumingApp(options: ConsumingApp): Promise<NestFastifyApplication> {
  const { name, title, group, module, settings, maxBatch, maxBatchSize } = options;
  const transport = eventTransport(settings.messaging, {
    group,
    gatherMs: GATHER_MS,
    maxBatch,
    maxBatchSize,
    isTransient,
    keep: (topic, letters) => app.get(Poison, { strict: false }).keep(topic, letters),
  });
  const app = await createHttpApp(module, {
    name,
    title,
    version: VERSION,
    // nobody but a probe calls it
    settings: { ...settings.http, rateLimitGeneralPerMin: 0 },
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
