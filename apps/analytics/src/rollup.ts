import 'reflect-metadata';
import { bootOrExit } from '@libs/config';
import { serveHttp } from '@libs/http';
import { configureLogging, logger } from '@libs/logging';
import { analyticsWorkerConfig } from './analytics.config';
import { createAnalyticsWorker } from './rollup.app';

void bootOrExit('analytics worker', async () => {
  const config = analyticsWorkerConfig.parse(process.env);
  configureLogging(config.logging);
  const { url } = await serveHttp(await createAnalyticsWorker(config), config.http);
  logger('analytics.worker').info({ url }, 'analytics worker is at work');
});
