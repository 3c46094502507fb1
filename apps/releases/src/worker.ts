import 'reflect-metadata';
import { bootOrExit } from '@libs/config';
import { serveHttp } from '@libs/http';
import { configureLogging, logger } from '@libs/logging';
import { releasesWorkerConfig } from './releases.config';
import { createReleasesWorker } from './worker.app';

void bootOrExit('releases worker', async () => {
  const config = releasesWorkerConfig.parse(process.env);
  configureLogging(config.logging);
  const { url } = await serveHttp(await createReleasesWorker(config), config.http);
  logger('releases.worker').info({ url }, 'releases worker is at work');
});
