import { roleUrl } from '@libs/database';
import { Infrastructure } from './infra-services';

export type Environment = Record<string, string>;

/** File name → variables: one file a process, since each has database roles of its own. */
export function environments(infra: Infrastructure, secured: boolean): Record<string, Environment> {
  const { postgres, aws, secrets } = infra;
  const as = (role: string): string => roleUrl(postgres.adminUrl, role, postgres.roleSecret);
  const events = infra.kafka ? kafkaEnvironment(infra, secured) : { EVENT_LOG_URL: as('event_log') };
  const redis: Environment = infra.redis ? { REDIS_URL: infra.redis.url } : { REDIS_URL: 'memory:' };
  const verifying = { AUTH_JWKS_URL: 'http://127.0.0.1:3001/.well-known/jwks.json' };
  const queue = {
    AWS_REGION: aws.region,
    SQS_ENDPOINT: aws.endpoint,
    S3_ENDPOINT: aws.endpoint,
    S3_BUCKET: aws.bucket,
    SQS_RELEASES_QUEUE_URL: String(aws.queueUrls['releases']),
    SQS_RELEASES_DLQ_URL: String(aws.queueUrls['releases-dlq']),
  };
  const { AUTH_KEY_SECRET, API_KEY_SECRET, EVENT_PSEUDONYM_SECRET, RELEASE_ID_SECRET, WEBHOOK_SECRET } =
    secrets;
  const operator = { DATABASE_OPERATOR_URL: as('operator') };
  const worker = { DATABASE_URL: as('releases_worker'), DATABASE_RELAY_URL: as('releases_relay') };
  return {
    auth: {
      DATABASE_URL: as('auth_api'),
      DATABASE_RELAY_URL: as('auth_relay'),
      SMTP_URL: 'log:',
      AUTH_KEY_SECRET,
      ...redis,
      ...events,
    },
    releases: {
      DATABASE_URL: as('releases_api'),
      RELEASE_ID_SECRET,
      API_KEY_SECRET,
      ...redis,
      ...queue,
      ...events,
      ...verifying,
    },
    'releases-worker': { ...worker, ...queue, ...events },
    consolidated: {
      DATABASE_URL: as('consolidated_api'),
      DATABASE_WORKER_URL: as('consolidated_worker'),
      API_KEY_SECRET,
      ...redis,
      ...events,
      ...verifying,
    },
    events: {
      DATABASE_URL: as('events_api'),
      API_KEY_SECRET,
      EVENT_PSEUDONYM_SECRET,
      ...redis,
      ...events,
      ...verifying,
    },
    'events-sink': {
      DATABASE_URL: as('events_worker'),
      DATABASE_RELAY_URL: as('events_relay'),
      EVENT_PSEUDONYM_SECRET,
      ...events,
    },
    analytics: {
      DATABASE_URL: as('analytics_api'),
      API_KEY_SECRET,
      EVENT_PSEUDONYM_SECRET,
      WEBHOOK_SECRET,
      ...redis,
      ...events,
      ...verifying,
    },
    'analytics-worker': {
      DATABASE_URL: as('analytics_worker'),
      DATABASE_RELAY_URL: as('analytics_relay'),
      EVENT_PSEUDONYM_SECRET,
      WEBHOOK_SECRET,
      ...events,
    },
    operator: {
      DATABASE_ADMIN_URL: postgres.adminUrl,
      DATABASE_ROLE_SECRET: postgres.roleSecret,
      DATABASE_AUTH_URL: as('auth_api'),
      AUTH_KEY_SECRET,
      ...operator,
      ...worker,
      DATABASE_WORKER_URL: as('consolidated_worker'),
      DATABASE_EVENTS_URL: as('events_worker'),
      DATABASE_ANALYTICS_URL: as('analytics_worker'),
      ...redis,
      ...queue,
      ...events,
    },
  };
}

function kafkaEnvironment({ kafka, kafkaCa }: Infrastructure, secured: boolean): Environment {
  if (!kafka) return {};
  if (!secured) return { KAFKA_BROKERS: kafka.brokers.join(',') };
  return {
    KAFKA_BROKERS: kafka.saslBrokers.join(','),
    KAFKA_USERNAME: kafka.username,
    KAFKA_PASSWORD: kafka.password,
    KAFKA_SSL_CA: kafkaCa,
  };
}

/** In the form that both a shell and `node --env-file` read. */
export function asFile(environment: Environment): string {
  return Object.entries(environment)
    .map(([name, value]) => `${name}="${value}"\n`)
    .join('');
}
