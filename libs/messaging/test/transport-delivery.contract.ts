import { eventually } from '@libs/testing';
import { eventPublisher } from '../src';
import { messages, upTo } from './member';
import { RoomTest, within } from './transport-room';

/** What is published arrives: all of it, in pieces that fit. */
export function itDelivers(test: RoomTest): void {
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
