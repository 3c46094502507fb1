import { setTimeout as sleep } from 'node:timers/promises';
import { Admin } from 'kafkajs';
import { deadLetterTopic, partitions, Topic } from '@libs/contracts';
import { MessagingSettings } from '../messaging.settings';
import { kafkaClient } from './kafka-client';

const LED_WITHIN_MS = 15_000;

/**
 * Makes the topics that are missing, each with its dead-letter topic, and waits until they can be used. The PostgreSQL
 * log needs none.
 * @throws KafkaJSError when the brokers are away
 */
export async function ensureTopics(settings: MessagingSettings, topics: readonly string[]): Promise<void> {
  if (!settings.brokers?.length) return;
  await makeMissing(
    settings,
    topics.flatMap((topic) => [topic, deadLetterTopic(topic)]),
  );
}

/** Makes exactly these topics, where they are missing. @throws KafkaJSError when the brokers are away */
export async function makeMissing(settings: MessagingSettings, wanted: readonly string[]): Promise<void> {
  const admin = kafkaClient(settings).admin();
  try {
    await admin.connect();
    const known = new Set(await admin.listTopics());
    const missing = wanted.filter((topic) => !known.has(topic));
    if (missing.length === 0) return;
    // Two processes may make the same topic at once: createTopics answers false then, which is as good.
    await admin.createTopics({
      // kafkajs' own wait fails on "does not host this topic", which a KRaft broker says until it has caught up.
      waitForLeaders: false,
      topics: missing.map((topic) => ({
        topic,
        numPartitions: partitions[topic as Topic] ?? settings.partitions ?? 6,
        replicationFactor: settings.replication ?? 1,
      })),
    });
    await untilLed(admin, missing);
  } finally {
    await admin.disconnect();
  }
}

async function untilLed(admin: Admin, topics: string[]): Promise<void> {
  const deadline = Date.now() + LED_WITHIN_MS;
  for (let led = false; !led; await sleep(50)) {
    try {
      const metadata = await admin.fetchTopicMetadata({ topics });
      led = metadata.topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0));
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    if (!led && Date.now() > deadline) throw new Error(`no leader for ${topics.join(', ')}`);
  }
}
