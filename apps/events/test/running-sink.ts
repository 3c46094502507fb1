import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { eventsSinkConfig } from '../src/events.config';
import { createEventsSink } from '../src/sink.app';
import { EventsHouse } from './events.house';

/** The sinks beside a house, on its database and log; close them before the house. */
export function runningSink({ database }: EventsHouse): Promise<NestFastifyApplication> {
  return createEventsSink(
    eventsSinkConfig.parse({
      PORT: '0',
      HOST: '127.0.0.1',
      DATABASE_URL: database.urlFor('events_worker'),
      DATABASE_RELAY_URL: database.urlFor('events_relay'),
      DATABASE_POOL_MAX: '6',
      EVENT_LOG_URL: database.urlFor('event_log'),
      EVENT_PSEUDONYM_SECRET: 'a secret for tests, thirty-two characters at least',
    }),
  );
}
