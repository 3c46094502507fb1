import 'reflect-metadata';
import { bootOrExit } from '@libs/config';
import { serveHttp } from '@libs/http';
import { configureLogging, logger } from '@libs/logging';
import { createEventsApp } from './events.app';
import { eventsConfig } from './events.config';

void bootOrExit('events', async () => {
  const config = eventsConfig.parse(process.env);
  configureLogging(config.logging);
  const { url } = await serveHttp(await createEventsApp(config), config.http);
  logger('events').info({ url }, 'events listens');
});
