import { MessagingSettings } from './messaging.settings';
import { EventServer } from './event-server';
import { KafkaEventServer } from './kafka/kafka-event-server';
import { LogEventServer } from './log/log-event-server';
import { EventTransportOptions } from './event-transport.options';

/** The transport for `@EventPattern(topic)` handlers: Kafka, or its twin in PostgreSQL, as the settings say. */
export function eventTransport(settings: MessagingSettings, options: EventTransportOptions): EventServer {
  return settings.brokers?.length
    ? new KafkaEventServer(settings, options)
    : new LogEventServer(settings, options);
}
