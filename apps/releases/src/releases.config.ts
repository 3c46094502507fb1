import { awsSettings } from '@libs/aws';
import { queues } from '@libs/contracts';
import { ConfigOf, defineConfig, integer, string, url } from '@libs/config';
import { documentsSettings } from '@libs/documents';
import { databaseSettings, operatorUrl, relaySettings } from '@libs/database';
import { httpSettings } from '@libs/http';
import { loggingSettings } from '@libs/logging';
import { messagingSettings } from '@libs/messaging';
import { redisSettings } from '@libs/redis';
import { apiKeySettings, hostSettings, securitySettings } from '@libs/security';

const queueUrl = url('SQS_RELEASES_QUEUE_URL', {
  protocols: ['http', 'https'],
  about: 'The SQS queue of accepted releases.',
  example: 'http://localhost:4566/000000000000/releases',
});

const deadLetterUrl = url('SQS_RELEASES_DLQ_URL', {
  protocols: ['http', 'https'],
  about: 'The SQS queue of releases that could not be posted.',
  example: 'http://localhost:4566/000000000000/releases-dlq',
});

/** The environment of the HTTP API. */
export const releasesConfig = defineConfig({
  http: httpSettings({ port: 3002 }),
  logging: loggingSettings(),
  database: databaseSettings(),
  redis: redisSettings(),
  security: securitySettings(),
  hosts: hostSettings(),
  apiKeys: apiKeySettings(),
  messaging: messagingSettings(),
  aws: awsSettings(),
  documents: documentsSettings(),
  queueUrl,
  idSecret: string('RELEASE_ID_SECRET', {
    secret: true,
    minLength: 32,
    about:
      'Signs release ids, so that an id tells that we issued it. Every releases API shares it; changing it turns queued releases into 404 until they are posted.',
  }),
  maxFutureDays: integer('RELEASES_MAX_FUTURE_DAYS', {
    default: 366,
    min: 0,
    max: 36_600,
    about: 'How many days ahead a release may be dated.',
  }),
});

/** The environment of the queue worker. */
export const releasesWorkerConfig = defineConfig({
  http: httpSettings({ port: 3012 }),
  logging: loggingSettings(),
  database: databaseSettings(),
  relay: relaySettings(),
  messaging: messagingSettings(),
  aws: awsSettings(),
  queueUrl,
  deadLetterUrl,
  longPolls: integer('RELEASES_WORKER_LONG_POLLS', {
    default: 4,
    min: 1,
    max: 64,
    about: 'How many long polls of the queue a worker keeps under way.',
  }),
  visibilitySeconds: integer('RELEASES_VISIBILITY_SECONDS', {
    default: queues.releases.visibilitySeconds,
    min: 2,
    max: 43_200,
    about:
      'How long a received message stays invisible to other workers, extended while it is held; what a dead worker held comes back after that.',
  }),
});

/** The environment of `npm run releases:redrive`; DATABASE_URL is the worker's role. */
export const releasesRedriveConfig = defineConfig({
  logging: loggingSettings(),
  database: databaseSettings(),
  operatorUrl: operatorUrl(),
  aws: awsSettings(),
  queueUrl,
  deadLetterUrl,
});

export type ReleasesConfig = ConfigOf<typeof releasesConfig>;
export type ReleasesWorkerConfig = ConfigOf<typeof releasesWorkerConfig>;
export type ReleasesRedriveConfig = ConfigOf<typeof releasesRedriveConfig>;
