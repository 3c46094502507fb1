import { deadLetterTopic } from '@libs/contracts';
import { eventually } from '@libs/testing';
import { ensureTopics } from '../src';
import { messages, upTo } from './member';
import { RoomTest, within } from './transport-room';

/** What a handler cannot take comes again, or is buried alone; the rest flows. */
export function itOutlivesFailures(test: RoomTest): void {
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

  test('an outage uses up none of the attempts that a message has', async ({
    topic,
    publisher,
    member,
    texts,
  }) => {
    await publisher.publish(topic, messages(topic, 0, 1));
    const away = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
    const failures = [away, away, new Error('of another kind'), new Error('once more')];
    const reader = await member(
      () => {
        const failure = failures.shift();
        if (failure) throw failure;
      },
      { maxAttempts: 3 },
    );
    await eventually(() => expect(reader.seen).toEqual([0]), within);
    expect(await texts(deadLetterTopic(topic))).toEqual([]);
  });

  test('moves a malformed envelope to the dead-letter topic and goes on', async ({
    topic,
    publisher,
    member,
    texts,
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
      const letters = await texts(deadLetterTopic(topic));
      // at least once, as everything: a broker that moves a partition has it delivered, and buried, again
      expect([...new Set(letters)].sort()).toEqual(['not even JSON', '{"not":"an envelope"}'].sort());
    }, within);
  });

  test('isolates a message that always fails and dead-letters it alone', async ({
    topic,
    publisher,
    member,
    texts,
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
      const letters = await texts(deadLetterTopic(topic));
      expect([...new Set(letters)]).toEqual([expect.stringContaining('"n":17')]);
    }, within);
  });
}
