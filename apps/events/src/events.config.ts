import { ConfigOf, defineConfig, integer, string } from '@libs/config';
import { databaseSettings, operatorUrl, postgresUrl, relaySettings } from '@libs/database';
import { httpSettings } from '@libs/http';
import { loggingSettings } from '@libs/logging';
import { messagingSettings } from '@libs/messaging';
import { pseudonymSecret } from '@libs/persons';
import { redisSettings } from '@libs/redis';
import { apiKeySettings, hostSettings, securitySettings } from '@libs/security';

/** The environment of the collector and the reading API. */
export const eventsConfig = defineConfig({
  http: httpSettings({ port: 3005 }),
  logging: loggingSettings(),
  database: databaseSettings(),
  redis: redisSettings(),
  security: securitySettings(),
  hosts: hostSettings(),
  apiKeys: apiKeySettings(),
  messaging: messagingSettings(),
  pseudonymSecret: pseudonymSecret(),
  eventsPerMinute: integer('RATE_LIMIT_EVENTS_PER_MIN', {
    default: 100,
    min: 0,
    about:
      'Requests with events in any 60 s that one person (token) or one address (write key) may make; 0 switches the limit off.',
  }),
  keyPerMinute: integer('RATE_LIMIT_KEY_PER_MIN', {
    default: 6_000,
    min: 0,
    about:
      'Requests with events in any 60 s by one API key whose plan says nothing else; 0 switches the limit off.',
  }),
  logPatienceMs: integer('EVENT_LOG_PATIENCE_MS', {
    default: 10_000,
    min: 100,
    about:
      'How long a request with events waits for the log, in milliseconds, before it is answered 503 and may send them again.',
  }),
  judgingThreads: integer('EVENT_THREADS', {
    default: 2,
    min: 0,
    about:
      'Threads that read and mask events while many come in; they end when few do. 0: all on the main thread.',
  }),
  countriesFile: string('COUNTRIES_MMDB', {
    optional: true,
    about:
      'Path of a MaxMind DB file (GeoLite2, DB-IP; by country or city) that says where addresses are; without it the one that npm brings.',
  }),
});

/** The environment of the sinks; DATABASE_URL is their own role. */
export const eventsSinkConfig = defineConfig({
  http: httpSettings({ port: 3015 }),
  logging: loggingSettings(),
  database: databaseSettings(),
  relay: relaySettings(),
  messaging: messagingSettings(),
  pseudonymSecret: pseudonymSecret(),
});

/** What `events:redrive` needs: it takes letters as the sinks' role, and finds their tenants as the operator. */
export const redriveConfig = defineConfig({
  worker: {
    url: postgresUrl(
      'DATABASE_EVENTS_URL',
      "PostgreSQL, with the role of events' sinks: for events' commands",
    ),
  },
  operator: { url: operatorUrl() },
  messaging: messagingSettings(),
});

export type EventsConfig = ConfigOf<typeof eventsConfig>;
export type EventsSinkConfig = ConfigOf<typeof eventsSinkConfig>;
export type RedriveConfig = ConfigOf<typeof redriveConfig>;
