import { OnApplicationShutdown } from '@nestjs/common';
import { CompressionTypes, Partitioners, Producer, TopicMessages } from 'kafkajs';
import { EventPublisher, OutgoingMessage } from '@libs/kernel';
import { MessagingSettings } from '../messaging.settings';
import { MicroBatcher } from '../micro-batcher';
import { atMost } from '../pause';
import { PUBLISHER_BYTES, PublisherFull } from '../publisher-full.error';
import { makeMissing } from './ensure-topics';
import { kafkaClient } from './kafka-client';

const LEAVING_MS = 1_000;

interface Publication {
  topic: string;
  messages: readonly OutgoingMessage[];
}

/** Publishes to Kafka with `acks=all` and gzip; what is published at the same time travels together. */
export class KafkaEventPublisher extends EventPublisher implements OnApplicationShutdown {
  private readonly producer: Producer;
  private connected?: Promise<void>;
  private closing?: Promise<void>;
  /** Topics that are there: brokers do not make one by themselves, and it may have no consumer yet. */
  private readonly known = new Set<string>();
  private readonly batcher: MicroBatcher<Publication>;

  constructor(private readonly settings: MessagingSettings) {
    super();
    this.producer = kafkaClient(settings).producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
    });
    this.batcher = new MicroBatcher<Publication>((publications) => this.send(publications), {
      maxItems: 1_000,
      maxWeight: 512 * 1024,
      weightOf: ({ messages }) =>
        messages.reduce((sum, message) => sum + Buffer.byteLength(message.value) + 100, 0),
      lingerMs: 5,
      concurrency: 4,
      maxWaiting: 100_000,
      maxHeld: settings.publisherBytes ?? PUBLISHER_BYTES,
      refusal: () => new PublisherFull(),
    });
  }

  publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    return messages.length === 0 ? Promise.resolve() : this.batcher.add({ topic, messages });
  }

  /** Once, however often it is asked. */
  close(): Promise<void> {
    this.closing ??= this.shut();
    return this.closing;
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  private async shut(): Promise<void> {
    // Longer means that the broker is away; whoever published still has what it published, and was told nothing.
    await atMost(LEAVING_MS, this.batcher.drain());
    await atMost(LEAVING_MS, this.producer.disconnect());
  }

  private async send(publications: Publication[]): Promise<void> {
    await this.connect();
    await this.ensure(publications);
    const topics = new Map<string, TopicMessages>();
    for (const { topic, messages } of publications) {
      const entry = topics.get(topic) ?? { topic, messages: [] };
      topics.set(topic, entry);
      for (const { key, value, headers } of messages) entry.messages.push({ key, value, headers });
    }
    await this.producer.sendBatch({
      topicMessages: [...topics.values()],
      acks: -1,
      compression: CompressionTypes.GZIP,
    });
  }

  private async ensure(publications: readonly Publication[]): Promise<void> {
    const topics = new Set(publications.map(({ topic }) => topic));
    const unknown = [...topics].filter((topic) => !this.known.has(topic));
    if (unknown.length === 0) return;
    await makeMissing(this.settings, unknown);
    for (const topic of unknown) this.known.add(topic);
  }

  private connect(): Promise<void> {
    this.connected ??= this.producer.connect().catch((error: unknown) => {
      this.connected = undefined;
      throw error;
    });
    return this.connected;
  }
}
