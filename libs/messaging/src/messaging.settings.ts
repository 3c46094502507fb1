import { readFileSync } from 'node:fs';
import { boolean, derived, integer, list, SettingProblem, string, url } from '@libs/config';

/** Where the event log is: Kafka when brokers are named, else the log in PostgreSQL. */
export interface MessagingSettings {
  /** `host:port` each; empty or absent for the PostgreSQL log. */
  brokers?: readonly string[];
  clientId?: string;
  /** With a user: SCRAM-SHA-512 over TLS. */
  username?: string;
  password?: string;
  /** TLS without a user; implied by one. */
  ssl?: boolean;
  /** PEM of the authority that signed the brokers' certificates; the system's own where absent. */
  sslCa?: string;
  /** Of topics that are made at boot. */
  partitions?: number;
  replication?: number;
  /** A consumer that was silent for this long is dead to its group; 10,000 by default. */
  sessionTimeoutMs?: number;
  /** What a publisher holds in memory at most until the log has it, in bytes; 64 MiB by default. */
  publisherBytes?: number;
  /** The PostgreSQL log, as the role `event_log`. */
  eventLogUrl?: string;
  /** How long the PostgreSQL log keeps what every group has read; 168 by default. */
  retentionHours?: number;
}

/** The event log's environment. KAFKA_BROKERS decides; without it EVENT_LOG_URL must be given. */
export function messagingSettings() {
  return derived(
    {
      brokers: list('KAFKA_BROKERS', {
        optional: true,
        about:
          'Kafka brokers, host:port each. Without it the event log is kept in PostgreSQL (EVENT_LOG_URL).',
        example: 'localhost:9092',
      }),
      clientId: string('KAFKA_CLIENT_ID', { default: 'moneyflow', about: 'How Kafka knows this client.' }),
      username: string('KAFKA_USERNAME', {
        optional: true,
        about: 'Signs in to Kafka by SCRAM-SHA-512 over TLS; needs KAFKA_PASSWORD.',
      }),
      password: string('KAFKA_PASSWORD', { optional: true, secret: true, about: 'Of KAFKA_USERNAME.' }),
      ssl: boolean('KAFKA_SSL', { default: false, about: 'TLS to Kafka without a user; a user implies it.' }),
      sslCa: string('KAFKA_SSL_CA', {
        optional: true,
        about:
          "Path of a PEM file, or its text: the authority of the brokers' certificates. Default: the system's.",
      }),
      partitions: integer('KAFKA_PARTITIONS', { default: 6, min: 1, about: 'Of topics made at boot.' }),
      replication: integer('KAFKA_REPLICATION', {
        default: 1,
        min: 1,
        about: 'Copies of each partition of topics made at boot; 3 in production.',
      }),
      sessionTimeoutMs: integer('KAFKA_SESSION_TIMEOUT_MS', {
        default: 10_000,
        min: 6_000,
        max: 1_800_000,
        about: 'A consumer that was silent for this long is dead, and its partitions go to others.',
      }),
      publisherMegabytes: integer('EVENT_LOG_BUFFER_MB', {
        default: 64,
        min: 1,
        max: 4_096,
        about:
          'What a process holds in memory at most until the event log has it; beyond that it answers 503 with event_log_full.',
      }),
      eventLogUrl: url('EVENT_LOG_URL', {
        optional: true,
        protocols: ['postgres', 'postgresql'],
        about: 'The event log in PostgreSQL, as the role event_log; used when KAFKA_BROKERS is absent.',
      }),
      retentionHours: integer('EVENT_LOG_RETENTION_HOURS', {
        default: 168,
        min: 1,
        about: 'How long the PostgreSQL log keeps what every consumer group has read.',
      }),
    },
    ({ publisherMegabytes, ...values }): MessagingSettings => {
      if (!values.brokers && !values.eventLogUrl)
        throw new SettingProblem('are all absent: give KAFKA_BROKERS or EVENT_LOG_URL');
      if (Boolean(values.username) !== Boolean(values.password))
        throw new SettingProblem('do not fit together: KAFKA_USERNAME and KAFKA_PASSWORD come as a pair');
      return { ...values, publisherBytes: publisherMegabytes * 1024 * 1024, sslCa: pemOf(values.sslCa) };
    },
  );
}

function pemOf(value: string | undefined): string | undefined {
  if (value === undefined || value.includes('-----BEGIN')) return value;
  try {
    return readFileSync(value, 'utf8');
  } catch (error) {
    throw new SettingProblem(`name a KAFKA_SSL_CA that cannot be read: ${(error as Error).message}`);
  }
}
