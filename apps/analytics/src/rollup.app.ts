import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createConsumingApp } from '@libs/tracked-events';
import { AnalyticsWorkerConfig } from './analytics.config';
import { ANALYTICS_GROUP } from './consumer-group';
import { AnalyticsWorkerModule } from './rollup.module';

/** In characters: some 10,000 events, for a handful of transactions, each of a time of its own. */
const BATCH_SIZE = 8 * 1024 * 1024;
/** Of a server that sends for many devices a message has two or three events. */
const BATCH_MESSAGES = 5_000;

/** The worker, consuming as soon as this resolves. */
export function createAnalyticsWorker(config: AnalyticsWorkerConfig): Promise<NestFastifyApplication> {
  return createConsumingApp({
    name: 'analytics-worker',
    title: 'MoneyFlow analytics worker',
    group: ANALYTICS_GROUP,
    module: AnalyticsWorkerModule.forRoot(config),
    settings: config,
    maxBatch: BATCH_MESSAGES,
    maxBatchSize: BATCH_SIZE,
  });
}
