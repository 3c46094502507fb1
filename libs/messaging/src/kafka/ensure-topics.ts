import { deadLetterTopic } from '@libs/contracts';
import { MessagingSettings } from '../messaging.settings';
import { kafkaClient } from './kafka-client';

/**
 * Makes the topics that are missing, each with its dead-letter topic. The PostgreSQL log needs none.
 * @throws KafkaJSError when the brokers are away
 */
export async function ensureTopics(settings: MessagingSettings, topics: readonly string[]): Promise<void> {
  if (!settings.brokers?.length) return;
  const admin = kafkaClient(settings).admin();
  await admin.connect();
  try {
    const known = new Set(await admin.listTopics());
    const wanted = topics.flatMap((topic) => [topic, deadLetterTopic(topic)]);
    const missing = wanted.filter((topic) => !known.has(topic));
    if (missing.length === 0) return;
    // Two processes may make the same topic at once: createTopics answers false then, which is as good.
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map((topic) => ({
        topic,
        numPartitions: settings.partitions ?? 6,
        replicationFactor: settings.replication ?? 1,
      })),
    });
  } finally {
    await admin.disconnect();
  }
}
