import { EventPublisher } from '@libs/kernel';
import { KafkaEventPublisher } from './kafka/kafka-event-publisher';
import { LogEventPublisher } from './log/log-event-publisher';
import { MessagingSettings } from './messaging.settings';

/** An EventPublisher that holds connections. Nest closes it at shutdown; whoever makes one alone calls `close`. */
export type ClosablePublisher = EventPublisher & { close(): Promise<void> };

/** The publisher the settings ask for; it connects with its first message. */
export function eventPublisher(settings: MessagingSettings): ClosablePublisher {
  return settings.brokers?.length ? new KafkaEventPublisher(settings) : new LogEventPublisher(settings);
}
