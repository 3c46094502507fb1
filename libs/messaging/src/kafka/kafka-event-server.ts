import { Admin, Consumer, EachBatchPayload } from 'kafkajs';
import { failpoint } from '@libs/kernel';
import { logger } from '@libs/logging';
import { TopicLag } from '../consumer-lag';
import { EventServer, Failures } from '../event-server';
import { EventTransportOptions } from '../event-transport.options';
import { MessagingSettings } from '../messaging.settings';
import { atMost, backoff, pause } from '../pause';
import { ensureTopics } from './ensure-topics';
import { kafkaClient } from './kafka-client';
import { KafkaEventPublisher } from './kafka-event-publisher';
import { KafkaLag } from './kafka-lag';

const log = logger('kafka');
const HEARTBEAT_MS = 2_000;
/** On the way out: for a join under way, which others of the group may hold up, and for what is in hand; what is cut off comes again. */
const LEAVING_MS = 4_000;
/** Each waits for its handler and its offset; fewer at once let single messages of quiet partitions wait (p99 ×4). */
const PARTITIONS_AT_ONCE = 8;

/** Consumes a group's topics from Kafka, partition by partition, in batches. */
export class KafkaEventServer extends EventServer {
  private consumer?: Consumer;
  private joining: Promise<void> = Promise.resolve();
  private readonly publisher: KafkaEventPublisher;
  private admin?: Promise<Admin>;
  private readonly behind: KafkaLag;
  /** By topic and partition. */
  private readonly failures = new Map<string, Failures>();
  private readonly aside = new Set<NodeJS.Timeout>();

  constructor(
    private readonly settings: MessagingSettings,
    options: EventTransportOptions,
  ) {
    const publisher = new KafkaEventPublisher(settings);
    super(options, publisher);
    this.publisher = publisher;
    this.behind = new KafkaLag(options.group);
  }

  /** Does not wait for Kafka: an application starts without it and catches up when it is there. */
  override listen(callback: (error?: unknown) => void): void {
    try {
      const topics = this.topics();
      if (topics.length > 0) {
        void this.consume(topics);
        this.tellLag();
      }
      callback();
    } catch (error) {
      callback(error);
    }
  }

  override async check(): Promise<void> {
    this.admin ??= this.connectAdmin();
    await (await this.admin).describeCluster();
  }

  override async lag(): Promise<TopicLag[]> {
    this.admin ??= this.connectAdmin();
    return this.behind.of(await this.admin, this.topics());
  }

  protected override async shut(): Promise<void> {
    this.stop();
    this.aside.forEach(clearTimeout);
    await Promise.all([
      atMost(LEAVING_MS, this.leave()),
      atMost(
        LEAVING_MS,
        this.admin?.then((admin) => admin.disconnect()).catch(() => undefined) ?? Promise.resolve(),
      ),
    ]);
    await this.publisher.close();
  }

  /**
   * kafkajs leaves a group only once it has joined it. Disconnected before, it connects and joins all the same, and keeps partitions
   * that nobody reads.
   */
  private async leave(): Promise<void> {
    await Promise.allSettled([this.joining]); // `consume` tells of its failure
    await this.part(this.consumer);
  }

  /** Never rejects: a broker that is away must keep nobody from stopping, or from joining again. */
  private async part(consumer?: Consumer): Promise<void> {
    await consumer
      ?.disconnect()
      .catch((error: unknown) =>
        log.warn({ err: error, group: this.options.group }, 'cannot leave the broker'),
      );
  }

  private async connectAdmin(): Promise<Admin> {
    const admin = kafkaClient(this.settings).admin();
    try {
      await admin.connect();
      return admin;
    } catch (error) {
      this.admin = undefined;
      throw error;
    }
  }

  private async consume(topics: string[]): Promise<void> {
    for (let attempt = 1; !this.stopping.signal.aborted; attempt++) {
      try {
        await this.join(topics);
        return;
      } catch (error) {
        log.warn({ err: error, group: this.options.group, attempt }, 'cannot join the consumer group yet');
        await this.part(this.consumer);
        await pause(backoff(attempt), this.stopping.signal);
      }
    }
  }

  private async join(topics: string[]): Promise<void> {
    await ensureTopics(this.settings, topics);
    if (this.stopping.signal.aborted) return;
    const consumer = kafkaClient(this.settings).consumer({
      groupId: this.options.group,
      sessionTimeout: this.settings.sessionTimeoutMs ?? 10_000,
      rebalanceTimeout: 60_000,
      heartbeatInterval: HEARTBEAT_MS,
      maxWaitTimeInMs: 1_000,
      allowAutoTopicCreation: false,
      // its own restarts would join again behind the back of `leave`
      retry: { restartOnFailure: () => Promise.resolve(false) },
    });
    this.consumer = consumer;
    consumer.on(consumer.events.CRASH, ({ payload }) => void this.joinAgain(topics, consumer, payload.error));
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => this.behind.assigned(payload.memberAssignment));
    await consumer.connect();
    await consumer.subscribe({ topics, fromBeginning: true });
    if (this.stopping.signal.aborted) return consumer.disconnect();
    this.joining = consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: (payload) => this.partitionBatch(payload),
    });
    await this.joining;
  }

  /** After an error that kafkajs does not get over: we never give up. */
  private async joinAgain(topics: string[], crashed: Consumer, err: Error): Promise<void> {
    if (this.stopping.signal.aborted) return;
    log.error({ err, group: this.options.group }, 'consumer crashed; joining again');
    await this.part(crashed);
    await pause(backoff(1), this.stopping.signal);
    await this.consume(topics);
  }

  private async partitionBatch(payload: EachBatchPayload): Promise<void> {
    const { topic, partition, messages: all } = payload.batch;
    // The group must hear from us while a slow handler runs; a failed heartbeat shows at the commit.
    const beat = setInterval(() => {
      payload.heartbeat().catch((error: unknown) => log.debug({ err: error }, 'heartbeat failed'));
    }, HEARTBEAT_MS);
    try {
      for (const messages of this.batches(all, ({ value }) => value?.length ?? 0)) {
        if (!payload.isRunning() || payload.isStale() || this.stopping.signal.aborted) return;
        const [first, last] = [messages[0], messages.at(-1)];
        const texts = messages.map((message) => message.value?.toString('utf8') ?? '');
        if (!first || !last) return;
        this.behind.at(topic, partition, first.timestamp);
        const head = `${topic} ${partition}`;
        const failed = this.failures.get(head) ?? { times: 0, faults: 0 };
        if (!(await this.deliverOnce(topic, texts, failed))) {
          this.failures.set(head, failed);
          this.standAside(payload, failed.times);
          return;
        }
        this.failures.delete(head);
        await this.acknowledge(topic, partition, last.offset, payload);
        this.behind.at(topic, partition, last.timestamp);
      }
    } finally {
      clearInterval(beat);
    }
  }

  /** kafkajs fetches nothing from a broker while one of its partitions is in a handler: a pause must not be spent there. */
  private standAside(payload: EachBatchPayload, attempt: number): void {
    const resume = payload.pause();
    const timer = setTimeout(() => {
      this.aside.delete(timer);
      resume();
    }, backoff(attempt));
    this.aside.add(timer);
  }

  private async acknowledge(
    topic: string,
    partition: number,
    lastOffset: string,
    payload: EachBatchPayload,
  ): Promise<void> {
    failpoint('consumer.before-offset');
    payload.resolveOffset(lastOffset);
    const offset = String(BigInt(lastOffset) + 1n);
    await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] });
    failpoint('consumer.after-offset');
  }
}
