import { setTimeout as sleep } from 'node:timers/promises';
import { Recurring, RecurringWork } from './recurring';

class Counting extends Recurring {
  turns = 0;
  atOnce = 0;
  most = 0;
  readonly failures: unknown[] = [];

  constructor(
    work: Partial<RecurringWork>,
    private readonly does: (turn: number, signal: AbortSignal) => Promise<number | void>,
  ) {
    super({ log: 'test', name: 'turns are counted', everyMs: 5, ...work });
  }

  protected async turn(signal: AbortSignal): Promise<number | void> {
    this.most = Math.max(this.most, ++this.atOnce);
    try {
      return await this.does(++this.turns, signal);
    } finally {
      this.atOnce--;
    }
  }

  protected override told(error: unknown): object {
    this.failures.push(error);
    return {};
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(2);
}

describe('recurring work', () => {
  it('is repeated, one turn at a time, until the end', async () => {
    const work = new Counting({}, () => sleep(3));
    await work.onApplicationBootstrap();
    await until(() => work.turns >= 4);
    await work.onApplicationShutdown();
    const { turns, most } = work;
    await sleep(30);
    expect([work.turns, most]).toEqual([turns, 1]);
  });

  it('goes on after failures, and tells of each row of them once', async () => {
    const work = new Counting({}, async (turn) => {
      if (turn !== 3) throw new Error(`turn ${turn}`);
    });
    await work.onApplicationBootstrap();
    await until(() => work.turns >= 6);
    await work.onApplicationShutdown();
    expect(work.failures).toEqual([new Error('turn 1'), new Error('turn 4')]);
  });

  it('has the application wait for its first turn where it must', async () => {
    const work = new Counting({ first: 'awaited', everyMs: 60_000 }, () => sleep(20));
    await work.onApplicationBootstrap();
    expect([work.turns, work.atOnce]).toEqual([1, 0]);
    await work.onApplicationShutdown();
  });

  it('has it wait for no other one', async () => {
    const work = new Counting({ everyMs: 60_000 }, () => sleep(20));
    await work.onApplicationBootstrap();
    expect([work.turns, work.atOnce]).toEqual([1, 1]);
    await work.onApplicationShutdown();
    expect(work.atOnce).toBe(0);
  });

  it('rests for as long as a turn says', async () => {
    const work = new Counting({ everyMs: 60_000 }, async (turn) => (turn < 3 ? 0 : undefined));
    await work.onApplicationBootstrap();
    await until(() => work.turns >= 3);
    await sleep(20);
    await work.onApplicationShutdown();
    expect(work.turns).toBe(3);
  });

  it('tells the turn that is running of the end, and waits for it', async () => {
    let finished = false;
    const work = new Counting({}, async (_turn, signal) => {
      while (!signal.aborted) await sleep(1);
      await sleep(10);
      finished = true;
    });
    await work.onApplicationBootstrap();
    await work.onApplicationShutdown();
    expect([finished, work.turns]).toEqual([true, 1]);
  });
});
