import 'reflect-metadata';
import { bootOrExit } from '@libs/config';
import { serveHttp } from '@libs/http';
import { configureLogging, logger } from '@libs/logging';
import { createReleasesApp } from './releases.app';
import { releasesConfig } from './releases.config';

void bootOrExit('releases', async () => {
  const config = releasesConfig.parse(process.env);
  configureLogging(config.logging);
  const { url } = await serveHttp(await createReleasesApp(config), config.http);
  logger('releases').info({ url }, 'releases API listens');
});
