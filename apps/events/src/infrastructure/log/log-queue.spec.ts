import { setTimeout as sleep } from 'node:timers/promises';
import { EventLogFull, EventLogUnavailable } from '../../domain/collect.errors';
import { LogQueue } from './log-queue';

const given = (size: number) => [{ key: 'k', value: 'x'.repeat(size) }];

/** A log that confirms when it is told to. */
function aLog() {
  const waiting: (() => void)[] = [];
  return {
    publish: () => new Promise<void>((resolve) => waiting.push(resolve)),
    confirm: () => waiting.splice(0).forEach((resolve) => resolve()),
  };
}

describe('the queue of the log', () => {
  it('gives each tenant its share, and what it confirmed back', async () => {
    const queue = new LogQueue(1_000, 100);
    const log = aLog();
    const held = [queue.hold('a', given(60), log.publish), queue.hold('a', given(40), log.publish)];
    await expect(queue.hold('a', given(1), log.publish)).rejects.toThrow(EventLogFull);
    held.push(queue.hold('b', given(100), log.publish));
    log.confirm();
    await Promise.all(held);
    const next = queue.hold('a', given(100), log.publish);
    log.confirm();
    await next;
  });

  it('takes one request of any size', async () => {
    const log = aLog();
    const held = new LogQueue(1_000, 100).hold('a', given(500), log.publish);
    log.confirm();
    await held;
  });

  it('gives back what failed, too', async () => {
    const queue = new LogQueue(1_000, 100);
    const failing = () => Promise.reject(new Error('away'));
    for (let turn = 0; turn < 5; turn += 1)
      await expect(queue.hold('a', given(90), failing)).rejects.toThrow('away');
  });

  it('lets nobody wait longer than its patience, while what was given stays held', async () => {
    const queue = new LogQueue(20, 100);
    const log = aLog();
    const held = queue.hold('a', given(90), log.publish);
    await expect(queue.wait(held)).rejects.toThrow(EventLogUnavailable);
    await expect(queue.hold('a', given(90), log.publish)).rejects.toThrow(EventLogFull);
    log.confirm();
    await held;
    await expect(queue.wait(sleep(1))).resolves.toBeUndefined();
  });
});
