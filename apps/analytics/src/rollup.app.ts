import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { VERSION } from '@libs/config';
import { isTransient, SqlSession } from '@libs/database';
import { createHttpApp } from '@libs/http';
import { connectTransport, eventTransport, Poison } from '@libs/messaging';
import { AnalyticsWorkerConfig } from './analytics.config';
import { ANALYTICS_GROUP } from './consumer-group';
import { AnalyticsWorkerModule } from './rollup.module';

/** A tenth of a second more until an event is seen, and a batch's round trips are for many. */
const GATHER_MS = 100;
/** In characters: some 5,000 events, which two transactions share. */
const BATCH_SIZE = 4 * 1024 * 1024;

/** The worker, consuming as soon as this resolves. Its HTTP side has health and metrics only. */
export async function createAnalyticsWorker(config: AnalyticsWorkerConfig): Promise<NestFastifyApplication> {
  const transport = eventTransport(config.messaging, {
    group: ANALYTICS_GROUP,
    gatherMs: GATHER_MS,
    maxBatchSize: BATCH_SIZE,
    isTransient,
    keep: (topic, letters) => app.get(Poison, { strict: false }).keep(topic, letters),
  });
  const app = await createHttpApp(AnalyticsWorkerModule.forRoot(config), {
    name: 'analytics-worker',
    // nobody but a probe calls it
    settings: { ...config.http, rateLimitGeneralPerMin: 0 },
    title: 'MoneyFlow analytics worker',
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
