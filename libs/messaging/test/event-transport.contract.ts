import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { deadLetterTopic } from '@libs/contracts';
import { eventually } from '@libs/testing';
import {
  ClosablePublisher,
  ensureTopics,
  eventPublisher,
  EventTransportOptions,
  MessagingSettings,
} from '../src';
import { Handle, Member, messages, upTo } from './member';

/** One way to carry events, started and ready. */
export interface Carrier {
  settings: MessagingSettings;
  /** The texts of everything on a topic, read past our transports: dead letters need not be envelopes. */
  texts(topic: string): Promise<string[]>;
}

/** What one test has to itself: the tests run beside each other, since most of their time they wait for a group to form. */
interface Room {
  settings: MessagingSettings;
  publisher: ClosablePublisher;
  topic: string;
  group: string;
  /** Joins the room's group, and leaves when the test is over. */
  member: (handle?: Handle, options?: Partial<EventTransportOptions>, topics?: string[]) => Promise<Member>;
}

const within = { within: 30_000 };

/** What every event transport promises, whatever carries it. Order is not among it. */
export function itKeepsTheEventTransportContract(carrierOf: () => Carrier): void {
  let publisher: ClosablePublisher;

  beforeAll(() => {
    publisher = eventPublisher(carrierOf().settings);
  });
  afterAll(() => publisher.close());

  /** A test with a room of its own. */
  const test = (promise: string, run: (room: Room) => Promise<void>): void =>
    it.concurrent(promise, async () => {
      const { settings } = carrierOf();
      const [topic, group] = [`contract.topic-${randomUUID()}.v1`, `contract-group-${randomUUID()}`];
      const members: Member[] = [];
      await ensureTopics(settings, [topic]);
      const member: Room['member'] = async (handle, options = {}, topics = [topic]) => {
        const started = await Member.start(settings, topics, { group, ...options }, handle);
        members.push(started);
        return started;
      };
      try {
        await run({ settings, publisher, topic, group, member });
      } finally {
        await Promise.all(members.map((each) => each.stop()));
      }
    });

  test('gives every message to each group, those published before it first came included', async ({
    topic,
    group,
    publisher,
    member,
  }) => {
    await publisher.publish(topic, messages(topic, 0, 50));
    const one = await member();
    const other = await member(undefined, { group: `${group}-other` });
    await publisher.publish(topic, messages(topic, 50, 100));
    await eventually(() => {
      expect(one.seen).toEqual(upTo(100));
      expect(other.seen).toEqual(upTo(100));
    }, within);
  });

  test('keeps what was published when the publisher goes away right after', async ({
    topic,
    settings,
    member,
  }) => {
    const shortLived = eventPublisher(settings);
    await shortLived.publish(topic, messages(topic, 0, 10));
    await shortLived.close();
    const reader = await member();
    await eventually(() => expect(reader.seen).toEqual(upTo(10)), within);
  });

  test('drains ten thousand messages in batches no larger than asked for', async ({
    topic,
    publisher,
    member,
  }) => {
    await publisher.publish(topic, messages(topic, 0, 10_000));
    const reader = await member(undefined, { maxBatch: 800 });
    await eventually(() => expect(reader.done.length).toBeGreaterThanOrEqual(10_000), within);
    expect(reader.seen).toEqual(upTo(10_000));
    expect(Math.max(...reader.batchSizes)).toBeLessThanOrEqual(800);
    expect(reader.calls).toBeLessThan(200);
  });

  test('delivers again what a handler failed on, and other topics flow meanwhile', async ({
    topic,
    settings,
    publisher,
    member,
  }) => {
    const other = `${topic}.other`;
    await ensureTopics(settings, [other]);
    let failing = true;
    const reader = await member(
      (batch) => {
        if (failing && batch.source === topic)
          throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
      },
      {},
      [topic, other],
    );
    await publisher.publish(topic, messages(topic, 0, 10));
    await publisher.publish(other, messages(other, 10, 20));
    await eventually(() => expect(reader.seen).toEqual(upTo(20).slice(10)), within);
    await eventually(() => expect(reader.calls).toBeGreaterThan(3), within);
    failing = false;
    await eventually(() => expect(reader.seen).toEqual(upTo(20)), within);
  });

  test('reads on from its offset after a restart', async ({ topic, publisher, member }) => {
    const first = await member();
    await publisher.publish(topic, messages(topic, 0, 20));
    await eventually(() => expect(first.seen).toEqual(upTo(20)), within);
    await first.stop();
    await publisher.publish(topic, messages(topic, 20, 30));
    const second = await member();
    await eventually(() => expect(second.seen).toEqual(upTo(30).slice(20)), within);
  });

  test('moves the offset only after the handler resolved', async ({ topic, publisher, member }) => {
    await publisher.publish(topic, messages(topic, 0, 5));
    const stuck = await member(() =>
      Promise.reject(Object.assign(new Error('away'), { code: 'ECONNRESET' })),
    );
    await eventually(() => expect(stuck.calls).toBeGreaterThan(0), within);
    await stuck.stop();
    const next = await member();
    await eventually(() => expect(next.seen).toEqual(upTo(5)), within);
  });

  test('shares a group between two members without doing work twice', async ({
    topic,
    publisher,
    member,
  }) => {
    const [one, other] = [await member(), await member()];
    await publisher.publish(topic, messages(topic, 0, 1));
    await eventually(() => expect([...one.done, ...other.done]).toContain(0), within);
    await settle(publisher, topic, one, other);
    const before = one.done.length + other.done.length;
    for (let n = 1000; n < 1500; n += 50) await publisher.publish(topic, messages(topic, n, n + 50));
    const late = (): number[] => [...one.done, ...other.done].filter((n) => n >= 1000);
    await eventually(() => expect(late().length).toBeGreaterThanOrEqual(500), within);
    await sleep(300);
    expect(late().sort((a, b) => a - b)).toEqual(upTo(1500).slice(1000));
    expect(one.done.length + other.done.length).toBe(before + 500);
  });

  test('lets the other member carry on when one stops', async ({ topic, publisher, member }) => {
    const [one, other] = [await member(), await member()];
    await publisher.publish(topic, messages(topic, 0, 10));
    await eventually(() => expect(new Set([...one.done, ...other.done]).size).toBe(10), within);
    await one.stop();
    await publisher.publish(topic, messages(topic, 10, 30));
    await eventually(() => expect(new Set([...one.done, ...other.done]).size).toBe(30), within);
  });

  test('moves a malformed envelope to the dead-letter topic and goes on', async ({
    topic,
    publisher,
    member,
  }) => {
    const reader = await member();
    await publisher.publish(topic, [
      ...messages(topic, 0, 3),
      { key: 'k', value: '{"not":"an envelope"}' },
      { key: 'k', value: 'not even JSON' },
      ...messages(topic, 3, 6),
    ]);
    await eventually(() => expect(reader.seen).toEqual(upTo(6)), within);
    await eventually(async () => {
      const letters = await carrierOf().texts(deadLetterTopic(topic));
      // at least once, as everything: a broker that moves a partition has it delivered, and buried, again
      expect([...new Set(letters)].sort()).toEqual(['not even JSON', '{"not":"an envelope"}'].sort());
    }, within);
  });

  test('isolates a message that always fails and dead-letters it alone', async ({
    topic,
    publisher,
    member,
  }) => {
    await publisher.publish(topic, messages(topic, 0, 40));
    const reader = await member(
      (batch) => {
        if (batch.messages.some((message) => message.envelope.payload.n === 17))
          throw new Error('17 is poison');
      },
      { maxAttempts: 2 },
    );
    await eventually(() => expect(reader.seen).toEqual(upTo(40).filter((n) => n !== 17)), within);
    await eventually(async () => {
      const letters = await carrierOf().texts(deadLetterTopic(topic));
      expect([...new Set(letters)]).toEqual([expect.stringContaining('"n":17')]);
    }, within);
  });

  test('finishes and acknowledges what is in hand when it stops', async ({ topic, publisher, member }) => {
    let started = false;
    const slow = await member(async () => {
      started = true;
      await sleep(500);
    });
    await publisher.publish(topic, messages(topic, 0, 1));
    await eventually(() => expect(started).toBe(true), within);
    await slow.stop();
    expect(slow.done).toEqual([0]);
    await publisher.publish(topic, messages(topic, 1, 2));
    const next = await member();
    await eventually(() => expect(next.seen).toContain(1), within);
    expect(next.seen).toEqual([1]);
  });

  test('tells how far its group is behind, and for how long', async ({ topic, publisher, member }) => {
    let stuck = true;
    const reader = await member(() => {
      if (stuck) throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
    });
    await publisher.publish(topic, messages(topic, 0, 30));
    await eventually(() => expect(reader.calls).toBeGreaterThan(0), within);
    await sleep(300);
    await publisher.publish(topic, messages(topic, 30, 50));
    const [behind] = await reader.lag();
    // a busy broker's answer may come so late that the publisher has sent some again: then they are there twice
    const { length } = await carrierOf().texts(topic);
    expect(length).toBeGreaterThanOrEqual(50);
    expect(behind).toMatchObject({ topic, messages: length });
    expect(behind?.seconds).toBeGreaterThan(0.2);
    expect(behind?.seconds).toBeLessThan(60);
    stuck = false;
    await eventually(
      async () => expect(await reader.lag()).toEqual([{ topic, messages: 0, seconds: 0 }]),
      within,
    );
  });

  test('hands out about 1 MiB at once, however much was published in one go', async ({
    topic,
    publisher,
    member,
  }) => {
    const large = messages(topic, 0, 60).map(({ key, value }) => ({
      key,
      value: value.replace('"payload":{', `"payload":{"filler":"${'á'.repeat(100_000)}",`),
    }));
    await publisher.publish(topic, large);
    const reader = await member();
    await eventually(() => expect(reader.seen).toEqual(upTo(60)), within);
    expect(Math.max(...reader.batchSizes)).toBeLessThanOrEqual(10);
  });

  test('refuses more than it may hold in memory, and takes again once that has gone', async ({
    topic,
    settings,
  }) => {
    const narrow = eventPublisher({ ...settings, publisherBytes: 100_000 });
    const filler = 'x'.repeat(60_000);
    const publish = (): Promise<void> =>
      narrow.publish(topic, [{ key: 'k', value: JSON.stringify({ filler }) }]);
    const answers = await Promise.allSettled([publish(), publish(), publish()]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(answers[1]).toMatchObject({ reason: { code: 'event_log_full', kind: 'unavailable' } });
    await publish();
    await narrow.close();
  });

  test('tells whether its carrier can be reached', async ({ member }) => {
    const reader = await member();
    await eventually(() => reader.check(), within);
  });
}

/** Two members of a Kafka group are settled when a rebalance no longer moves partitions between them. */
async function settle(
  publisher: ClosablePublisher,
  topic: string,
  one: Member,
  other: Member,
): Promise<void> {
  let sent = 100;
  await eventually(async () => {
    const before = one.done.length + other.done.length;
    await publisher.publish(topic, messages(topic, sent, sent + 20));
    sent += 20;
    await eventually(
      () => expect(one.done.length + other.done.length).toBeGreaterThanOrEqual(before + 20),
      within,
    );
    await sleep(200);
    expect(one.done.length + other.done.length).toBe(before + 20);
    expect(sent).toBeGreaterThanOrEqual(160);
  }, within);
}
