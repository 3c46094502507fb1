import 'reflect-metadata';
import { bootOrExit } from '@libs/config';
import { serveHttp } from '@libs/http';
import { configureLogging, logger } from '@libs/logging';
import { eventsSinkConfig } from './events.config';
import { createEventsSink } from './sink.app';

void bootOrExit('events sink', async () => {
  const config = eventsSinkConfig.parse(process.env);
  configureLogging(config.logging);
  const { url } = await serveHttp(await createEventsSink(config), config.http);
  logger('events.sink').info({ url }, 'events sink is at work');
});
