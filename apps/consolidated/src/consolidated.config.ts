import { ConfigOf, defineConfig, integer } from '@libs/config';
import { databaseSettings, operatorUrl, postgresUrl } from '@libs/database';
import { httpSettings } from '@libs/http';
import { loggingSettings } from '@libs/logging';
import { messagingSettings } from '@libs/messaging';
import { redisSettings } from '@libs/redis';
import { apiKeySettings, hostSettings, securitySettings } from '@libs/security';

/** The consumer's way into the database: a role that serves batches of many tenants. */
function workerSettings() {
  return {
    url: postgresUrl(
      'DATABASE_WORKER_URL',
      "PostgreSQL, with the role of consolidated's consumer: it sees the tenants of the batch at hand",
    ),
  };
}

export const consolidatedSettings = {
  http: httpSettings({ port: 3003 }),
  database: databaseSettings(),
  worker: workerSettings(),
  redis: redisSettings(),
  messaging: messagingSettings(),
  security: securitySettings(),
  hosts: hostSettings(),
  apiKeys: apiKeySettings(),
  logging: loggingSettings(),
  cacheTtlSeconds: integer('CONSOLIDATED_CACHE_TTL', {
    default: 600,
    min: 0,
    max: 86_400,
    aliases: ['CACHE_TTL'],
    about:
      'How long a consolidated answer stays cached, in seconds; 0 caches nothing. A posting is seen at once all the same.',
  }),
};

export const consolidatedConfig = defineConfig(consolidatedSettings);
export type ConsolidatedConfig = ConfigOf<typeof consolidatedConfig>;

/** What `consolidated:rebuild` needs: it corrects as the consumer's role and finds the tenants as the operator. */
export const rebuildConfig = defineConfig({
  worker: workerSettings(),
  operator: { url: operatorUrl() },
  redis: redisSettings({ inProcessByDefault: true }),
  cacheTtlSeconds: consolidatedSettings.cacheTtlSeconds,
});
export type RebuildConfig = ConfigOf<typeof rebuildConfig>;

/** What `consolidated:redrive` needs: it takes letters as the consumer's role, and finds their tenants as the operator. */
export const redriveConfig = defineConfig({
  worker: workerSettings(),
  operator: { url: operatorUrl() },
  messaging: messagingSettings(),
});
export type RedriveConfig = ConfigOf<typeof redriveConfig>;
