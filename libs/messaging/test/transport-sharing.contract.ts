import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@libs/testing';
import { ClosablePublisher } from '../src';
import { Member, messages, upTo } from './member';
import { Room, RoomTest, within } from './transport-room';

/** Members of one group part its work. */
export function itSharesAGroup(test: RoomTest): void {
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

  test('keeps nothing for a member that stops while it is still joining', async ({
    topic,
    publisher,
    member,
  }) => {
    const stays = await member();
    await publisher.publish(topic, messages(topic, 0, 10));
    await eventually(() => expect(stays.seen).toEqual(upTo(10)), within);
    await Promise.all([0, 20, 60, 150, 400].map((ms) => stopsAfter(ms, member)));
    await publisher.publish(topic, messages(topic, 10, 60));
    await eventually(() => expect(stays.seen).toEqual(upTo(60)), within);
  });
}

async function stopsAfter(ms: number, member: Room['member']): Promise<void> {
  const passing = await member();
  await sleep(ms);
  await passing.stop();
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
