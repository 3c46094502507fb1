import { Admin } from 'kafkajs';
import { TopicLag } from '../consumer-lag';

/**
 * How far a group is behind, as one member knows it: messages of the whole group, ages of the partitions it was given.
 * Kafka does not tell the age of a message without reading it. The one in hand is known; otherwise the oldest unread one is
 * no older than the last that was handled, nor than the last look that found nothing unread.
 */
export class KafkaLag {
  /** Topic and partition → the time of the first message in hand, or of the last handled one. */
  private readonly heads = new Map<string, number>();
  private readonly caughtUp = new Map<string, number>();

  constructor(
    private readonly group: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** Partitions come anew with each rebalance; those that were ours before keep what is known of them. */
  assigned(partitions: Readonly<Record<string, readonly number[]>>): void {
    const ours = new Set(
      Object.entries(partitions).flatMap(([topic, numbers]) => numbers.map((number) => key(topic, number))),
    );
    for (const known of [...this.heads.keys()]) if (!ours.has(known)) this.heads.delete(known);
    for (const partition of ours) if (!this.heads.has(partition)) this.heads.set(partition, this.now());
  }

  /** @param timestamp milliseconds, as kafkajs has it */
  at(topic: string, partition: number, timestamp: string): void {
    this.heads.set(key(topic, partition), Number(timestamp));
  }

  async of(admin: Admin, topics: readonly string[]): Promise<TopicLag[]> {
    const read = await admin.fetchOffsets({ groupId: this.group, topics: [...topics] });
    return Promise.all(
      read.map(async ({ topic, partitions }) => {
        const offsets = new Map(partitions.map(({ partition, offset }) => [partition, Number(offset)]));
        let messages = 0;
        let seconds = 0;
        for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
          const from = Math.max(Number(low), offsets.get(partition) ?? -1);
          messages += Math.max(0, Number(high) - from);
          seconds = Math.max(seconds, this.age(key(topic, partition), Number(high) > from));
        }
        return { topic, messages, seconds };
      }),
    );
  }

  private age(partition: string, unread: boolean): number {
    const now = this.now();
    if (!unread) this.caughtUp.set(partition, now);
    const head = this.heads.get(partition);
    if (!unread || head === undefined) return 0;
    const looked = this.caughtUp.get(partition) ?? 0;
    // a look that lies ahead is of a clock that was set back since, and would call everything young
    return Math.max(0, now - (looked > now ? head : Math.max(head, looked))) / 1_000;
  }
}

function key(topic: string, partition: number): string {
  return `${topic} ${partition}`;
}
