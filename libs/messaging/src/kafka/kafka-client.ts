import { Kafka, logLevel, LogEntry } from 'kafkajs';
import { logger } from '@libs/logging';
import { MessagingSettings } from '../messaging.settings';
import { gzipFast } from './gzip';
import { stopIdlePolling } from './idle-polling';

const log = logger('kafka');
const RETRYING = ['Connection', 'BrokerPool'];

/** A kafkajs client: TLS and SCRAM-SHA-512 where the settings name a user, its log lines in ours. */
export function kafkaClient(settings: MessagingSettings): Kafka {
  stopIdlePolling();
  gzipFast();
  const { username, password } = settings;
  return new Kafka({
    clientId: settings.clientId ?? 'moneyflow',
    brokers: [...(settings.brokers ?? [])],
    ssl: username || settings.ssl ? { ca: settings.sslCa ? [settings.sslCa] : undefined } : false,
    sasl: username && password ? { mechanism: 'scram-sha-512', username, password } : undefined,
    connectionTimeout: 3_000,
    requestTimeout: 30_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 },
    logLevel: logLevel.WARN,
    logCreator: () => write,
  });
}

function write({ level, namespace, log: { message, ...rest } }: LogEntry): void {
  const { error, broker, groupId, topic } = rest as Record<string, unknown>;
  const line = { namespace, error, broker, groupId, topic };
  // Every attempt to connect again is a line of these two; the producer and the consumer report what comes of it.
  if (level > logLevel.WARN || RETRYING.includes(namespace)) log.debug(line, message);
  else log.warn(line, message);
}
