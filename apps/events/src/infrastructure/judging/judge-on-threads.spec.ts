import { EventEmitter } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { aTenant } from '../../../test/logged-event.builder';
import { Reception } from '../../application/delivery';
import { EventJudge, JudgedEvents } from '../../application/event-judge';
import { EventLogFull } from '../../domain/collect.errors';
import { TenantShares } from '../log/tenant-shares';
import { Job } from './judge-protocol';
import { JudgeOnThreads } from './judge-on-threads';

const tenantId = aTenant();
const reception: Reception = {
  tenantId,
  appId: 'app',
  receivedMs: 0,
  oldest: { critical: 0, other: 0 },
  requestId: 'r',
};
const MIB = 1024 * 1024;
const KIB = 1024;
const aBody = (bytes: number) => ({ source: 'sdk', batch: true, bytes: new Uint8Array(bytes) }) as const;
const judgedBy = (name: string): JudgedEvents => ({
  entries: { events: [], errors: [] },
  accepted: [name],
  rejected: [],
});

/** A thread that judges when it is told to. */
class Thread extends EventEmitter {
  readonly jobs: Job[] = [];
  ended = false;
  unref(): void {}
  postMessage(jobs: Job[]): void {
    this.jobs.push(...jobs);
  }
  async terminate(): Promise<void> {
    this.ended = true;
    this.emit('exit', 1);
  }
  answer(judged?: JudgedEvents): void {
    const told = this.jobs.splice(0).map(({ id }) => ({ id, judged }));
    this.emit('message', told);
  }
}

class Here extends EventJudge {
  judge = jest.fn(async () => judgedBy('here'));
}

/** @param most so many threads the machine has to give */
function judging(shares = new TenantShares(Infinity), most = Infinity) {
  const threads: Thread[] = [];
  const here = new Here();
  const start = (): Worker => {
    if (threads.length >= most) throw new Error('ERR_WORKER_INIT_FAILED');
    threads.push(new Thread());
    return threads.at(-1) as unknown as Worker;
  };
  const judge = new JudgeOnThreads(here, { threads: 2, start, shares });
  const by = async (bytes: number) => (await judge.judge(reception, aBody(bytes))).accepted[0];
  return { judge, here, threads, by };
}

/** After which threads begin. */
async function busySeconds({ by }: Pick<ReturnType<typeof judging>, 'by'>): Promise<void> {
  for (let second = 0; second < 4; second += 1) {
    expect(await by(MIB + 1)).toBe('here');
    jest.advanceTimersByTime(1_001);
  }
  expect(await by(MIB + 1)).toBe('here');
}

/** With both threads ready. */
async function busy(shares?: TenantShares) {
  const all = judging(shares);
  await busySeconds(all);
  for (const thread of all.threads) thread.emit('message', 'ready');
  return all;
}

beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }));
afterEach(() => jest.useRealTimers());

describe('judging on threads', () => {
  it('starts none while there is little to judge', async () => {
    const { threads, by } = judging();
    for (let second = 0; second < 20; second += 1) {
      expect([await by(MIB / 2), await by(MIB / 2)]).toEqual(['here', 'here']);
      jest.advanceTimersByTime(1_001);
    }
    expect(threads).toEqual([]);
  });

  it('starts none for a burst, nor for one now and then', async () => {
    const { threads, by } = judging();
    for (let burst = 0; burst < 5; burst += 1) {
      for (let body = 0; body < 10; body += 1) expect(await by(MIB)).toBe('here');
      jest.advanceTimersByTime(2_500);
    }
    expect(threads).toEqual([]);
  });

  it('goes on here until a thread is ready, then gives each the one that has least to do', async () => {
    const all = judging();
    const { threads, by } = all;
    await busySeconds(all);
    expect(await by(32 * KIB)).toBe('here');
    const [one, other] = threads as [Thread, Thread];
    for (const thread of threads) thread.emit('message', 'ready');
    const asked = [by(90 * KIB), by(30 * KIB), by(30 * KIB), by(20 * KIB)];
    await turn();
    expect([one, other].map(({ jobs }) => jobs.map(({ body }) => body.bytes.length))).toEqual([
      [90 * KIB],
      [30 * KIB, 30 * KIB, 20 * KIB],
    ]);
    one.answer(judgedBy('one'));
    other.answer(judgedBy('other'));
    expect(await Promise.all(asked)).toEqual(['one', 'other', 'other', 'other']);
  });

  it('judges a small body here, which would take longer to travel', async () => {
    const { threads, by } = await busy();
    expect(await by(2 * KIB)).toBe('here');
    expect(threads.flatMap(({ jobs }) => jobs)).toEqual([]);
  });

  it('judges here what a thread does not, so that errors are those of here', async () => {
    const { threads, here, by } = await busy();
    here.judge.mockRejectedValueOnce(new Error('no JSON'));
    const asked = by(20 * KIB);
    await turn();
    threads[0]?.answer(undefined);
    await expect(asked).rejects.toThrow('no JSON');
  });

  it('judges here what a thread held that failed, and starts no other before it was quiet', async () => {
    const { threads, by } = await busy();
    const asked = [by(20 * KIB), by(20 * KIB)];
    await turn();
    for (const thread of threads) thread.emit('exit', 1);
    expect(await Promise.all(asked)).toEqual(['here', 'here']);
    await busySeconds({ by });
    expect(threads).toHaveLength(2);
    jest.advanceTimersByTime(71_000);
    await busySeconds({ by });
    expect(threads).toHaveLength(4);
  });

  it('judges here, or on those that began, where a thread cannot be started', async () => {
    const none = judging(undefined, 0);
    await busySeconds(none);
    expect(await none.by(20 * KIB)).toBe('here');
    const one = judging(undefined, 1);
    await busySeconds(one);
    one.threads[0]?.emit('message', 'ready');
    const asked = one.by(20 * KIB);
    await turn();
    one.threads[0]?.answer(judgedBy('one'));
    expect(await asked).toBe('one');
  });

  it('refuses what would take more than its tenant may have waiting', async () => {
    const { threads, judge, by } = await busy(new TenantShares(100 * KIB));
    const asked = by(90 * KIB);
    await turn();
    await expect(by(20 * KIB)).rejects.toThrow(EventLogFull);
    const stranger = judge.judge({ ...reception, tenantId: aTenant() }, aBody(90 * KIB));
    await turn();
    for (const thread of threads) thread.answer(judgedBy('thread'));
    await Promise.all([asked, stranger]);
  });

  it('ends the threads after a quiet minute, and with the application', async () => {
    const { threads, by } = await busy();
    jest.advanceTimersByTime(50_000);
    expect(threads.map(({ ended }) => ended)).toEqual([false, false]);
    jest.advanceTimersByTime(20_000);
    expect(threads.map(({ ended }) => ended)).toEqual([true, true]);
    expect(await by(20 * KIB)).toBe('here');
    const again = await busy();
    await again.judge.onApplicationShutdown();
    expect(again.threads.map(({ ended }) => ended)).toEqual([true, true]);
  });
});
