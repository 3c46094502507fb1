import { ConfigOf, defineConfig, integer, url } from '@libs/config';
import { databaseSettings, postgresUrl, relaySettings } from '@libs/database';
import { httpSettings } from '@libs/http';
import { loggingSettings } from '@libs/logging';
import { messagingSettings } from '@libs/messaging';
import { pseudonymSecret } from '@libs/persons';
import { redisSettings } from '@libs/redis';
import { apiKeySettings, hostSettings, securitySettings } from '@libs/security';
import { webhookSettings } from '@libs/webhooks';

/** The environment of the reading API. */
export const analyticsConfig = defineConfig({
  http: httpSettings({ port: 3006 }),
  logging: loggingSettings(),
  database: databaseSettings(),
  replicaUrl: url('DATABASE_REPLICA_URL', {
    protocols: ['postgres', 'postgresql'],
    secret: true,
    optional: true,
    about:
      'PostgreSQL, a replica with the same role: where reports are read. Without it they are read from DATABASE_URL.',
    example: 'postgres://role:password@localhost:5433/moneyflow',
  }),
  redis: redisSettings(),
  security: securitySettings(),
  hosts: hostSettings(),
  apiKeys: apiKeySettings(),
  messaging: messagingSettings(),
  pseudonymSecret: pseudonymSecret(),
  webhooks: webhookSettings(),
  cacheSeconds: integer('CACHE_TTL', {
    default: 300,
    min: 0,
    max: 86_400,
    about:
      'Seconds for which a computed report is kept. New events outdate it at once, whatever this says; 0 keeps none. Within it each process keeps up to 64 MiB for one tenant, 16 MiB for one application: Redis holds twice that at most, for each process.',
  }),
});

/** The environment of the worker; DATABASE_URL is its own role. */
export const analyticsWorkerConfig = defineConfig({
  http: httpSettings({ port: 3016 }),
  logging: loggingSettings(),
  database: databaseSettings(),
  relay: relaySettings(),
  messaging: messagingSettings(),
  pseudonymSecret: pseudonymSecret(),
  webhooks: webhookSettings(),
});

/** What `analytics:rebuild` needs: it reads and corrects as the worker's role. */
export const rebuildConfig = defineConfig({
  worker: {
    url: postgresUrl(
      'DATABASE_ANALYTICS_URL',
      "PostgreSQL, with the role of analytics' worker: for analytics' commands",
    ),
  },
});

export type AnalyticsConfig = ConfigOf<typeof analyticsConfig>;
export type AnalyticsWorkerConfig = ConfigOf<typeof analyticsWorkerConfig>;
export type RebuildConfig = ConfigOf<typeof rebuildConfig>;
