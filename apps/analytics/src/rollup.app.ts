import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createConsumingApp } from '@libs/tracked-events';
import { AnalyticsWorkerConfig } from './analytics.config';
import { ANALYTICS_GROUP } from './consumer-group';
import { AnalyticsWorkerModule } from './rollup.module';

/** In characters: some 5,000 events, which two transactions share. */
const BATCH_SIZE = 4 * 1024 * 1024;

/** The worker, consuming as soon as this resolves. */
export function createAnalyticsWorker(config: AnalyticsWorkerConfig): Promise<NestFastifyApplication> {
  return createConsumingApp({
    name: 'analytics-worker',
    title: 'MoneyFlow analytics worker',
    group: ANALYTICS_GROUP,
    module: AnalyticsWorkerModule.forRoot(config),
    settings: config,
    maxBatchSize: BATCH_SIZE,
  });
}
