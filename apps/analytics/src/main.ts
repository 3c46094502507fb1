import 'reflect-metadata';
import { bootOrExit } from '@libs/config';
import { serveHttp } from '@libs/http';
import { configureLogging, logger } from '@libs/logging';
import { createAnalyticsApp } from './analytics.app';
import { analyticsConfig } from './analytics.config';

void bootOrExit('analytics', async () => {
  const config = analyticsConfig.parse(process.env);
  configureLogging(config.logging);
  const { url } = await serveHttp(await createAnalyticsApp(config), config.http);
  logger('analytics').info({ url }, 'analytics listens');
});
