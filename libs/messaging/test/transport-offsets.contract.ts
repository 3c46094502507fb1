import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@libs/testing';
import { messages, upTo } from './member';
import { RoomTest, within } from './transport-room';

/** A group goes on where it was, and tells how far that is. */
export function itKeepsItsOffset(test: RoomTest): void {
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

  test('tells how far its group is behind, and for how long', async ({ topic, publisher, member, texts }) => {
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
    const { length } = await texts(topic);
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
}
