import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { VERSION } from '@libs/config';
import { Envelope, QueuedReleasesV1, queues } from '@libs/contracts';
import { SqlSession, isTransient } from '@libs/database';
import { createHttpApp } from '@libs/http';
import { connectTransport, eventTransport, queueTransport } from '@libs/messaging';
import { ReleasesWorkerConfig } from './releases.config';
import { ReleasesWorkerModule } from './worker.module';

export const TENANT_COPY_GROUP = 'releases.tenants';

/**
 * The queue worker, consuming as soon as this resolves. Its HTTP side has health and metrics only; several may share
 * one queue, in one process or in many.
 */
export async function createReleasesWorker(config: ReleasesWorkerConfig): Promise<NestFastifyApplication> {
  const queue = queueTransport(config.aws, {
    queue: queues.releases.name,
    queueUrl: config.queueUrl,
    deadLetterUrl: config.deadLetterUrl,
    rowsOf,
    longPolls: config.longPolls,
    visibilitySeconds: config.visibilitySeconds,
    isTransient,
  });
  const events = eventTransport(config.messaging, { group: TENANT_COPY_GROUP, isTransient });
  const app = await createHttpApp(ReleasesWorkerModule.forRoot(config), {
    name: 'releases-worker',
    // nobody but a probe calls it
    settings: { ...config.http, rateLimitGeneralPerMin: 0 },
    title: 'MoneyFlow releases worker',
    version: VERSION,
    ready: {
      database: async () => void (await app.get(SqlSession, { strict: false }).query('select 1')),
      queue: () => queue.check(),
      events: () => events.check(),
    },
  });
  connectTransport(app, queue);
  connectTransport(app, events);
  await app.init();
  await app.startAllMicroservices();
  return app;
}

function rowsOf(envelope: Envelope): number {
  const { releases } = envelope.payload as Partial<QueuedReleasesV1>;
  return Array.isArray(releases) ? releases.length : 1;
}
