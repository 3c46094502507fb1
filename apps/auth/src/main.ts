import 'reflect-metadata';
import { bootOrExit } from '@libs/config';
import { serveHttp } from '@libs/http';
import { configureLogging, logger } from '@libs/logging';
import { createAuthApp } from './auth.app';
import { authConfig } from './auth.config';

void bootOrExit('auth', async () => {
  const config = authConfig.parse(process.env);
  configureLogging(config.logging);
  const { url } = await serveHttp(await createAuthApp(config), config.http);
  logger('auth').info({ url }, 'auth listens');
});
