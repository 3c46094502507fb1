import { MicroBatcher, MicroBatcherOptions } from './micro-batcher';

const options: MicroBatcherOptions<number> = {
  maxItems: 10,
  lingerMs: 0,
  concurrency: 1,
  maxWaiting: 100,
  refusal: () => new Error('full'),
};
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('MicroBatcher', () => {
  it('flushes together what came together, never more than allowed', async () => {
    const flushes: number[][] = [];
    const batcher = new MicroBatcher<number>(async (items) => void flushes.push(items), options);
    await Promise.all(Array.from({ length: 25 }, (_, i) => batcher.add(i)));
    expect(flushes.map((items) => items.length)).toEqual([10, 10, 5]);
    expect(flushes.flat()).toEqual(Array.from({ length: 25 }, (_, i) => i));
  });

  it('lets an item that is too heavy for company travel alone', async () => {
    const flushes: number[][] = [];
    const batcher = new MicroBatcher<number>(async (items) => void flushes.push(items), {
      ...options,
      maxWeight: 10,
      weightOf: (item) => item,
    });
    await Promise.all([4, 5, 6, 50, 1].map((item) => batcher.add(item)));
    expect(flushes).toEqual([[4, 5], [6], [50], [1]]);
  });

  it('fails exactly the items whose flush failed', async () => {
    const batcher = new MicroBatcher<number>(
      async (items) => items.map((item) => (item === 3 ? new Error('three') : undefined)),
      options,
    );
    const results = await Promise.allSettled([1, 2, 3, 4].map((item) => batcher.add(item)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });

  it('rejects every item of a flush that threw, and goes on with the next', async () => {
    let broken = true;
    const batcher = new MicroBatcher<number>(async () => {
      if (broken) throw new Error('away');
    }, options);
    await expect(batcher.add(1)).rejects.toThrow('away');
    broken = false;
    await expect(batcher.add(2)).resolves.toBeUndefined();
  });

  it('fails the items of a flush that threw before it began, and goes on with the next', async () => {
    let broken = true;
    const batcher = new MicroBatcher<number>(() => {
      if (broken) throw new Error('no envelope');
      return Promise.resolve();
    }, options);
    await expect(batcher.add(1)).rejects.toThrow('no envelope');
    broken = false;
    await expect(Promise.race([batcher.add(2), tick().then(() => 'stuck')])).resolves.toBeUndefined();
  });

  it('refuses what it may not hold', async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const batcher = new MicroBatcher<number>(() => gate, { ...options, maxItems: 1, maxWaiting: 2 });
    const held = [batcher.add(1), batcher.add(2), batcher.add(3)];
    await expect(batcher.add(4)).rejects.toThrow('full');
    open();
    await Promise.all(held);
  });

  it('refuses what would weigh more than it may hold, under way included, and takes again when that has gone', async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const batcher = new MicroBatcher<number>(() => gate, {
      ...options,
      weightOf: (item) => item,
      maxHeld: 10,
    });
    const first = batcher.add(6);
    await tick();
    const second = batcher.add(4);
    await expect(batcher.add(1)).rejects.toThrow('full');
    expect(batcher.held).toBe(10);
    open();
    await Promise.all([first, second]);
    await tick();
    expect(batcher.held).toBe(0);
    await expect(batcher.add(10)).resolves.toBeUndefined();
  });

  it('takes all of what comes together, or nothing', async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const flushed: number[] = [];
    const flush = (items: number[]) => (flushed.push(...items), gate);
    const batcher = new MicroBatcher<number>(flush, { ...options, weightOf: (item) => item, maxHeld: 10 });
    const first = batcher.add(6);
    await expect(batcher.addAll([2, 1, 2])).rejects.toThrow('full');
    expect(batcher.held).toBe(6);
    const second = batcher.addAll([2, 2]);
    open();
    await Promise.all([first, second]);
    await tick();
    expect(flushed).toEqual([6, 2, 2]);
    await expect(batcher.addAll([20, 30])).resolves.toBeUndefined();
    await expect(batcher.addAll([])).resolves.toBeUndefined();
  });

  it('takes an item heavier than all it may hold when it holds nothing', async () => {
    const batcher = new MicroBatcher<number>(async () => undefined, {
      ...options,
      weightOf: (item) => item,
      maxHeld: 10,
    });
    await expect(batcher.add(11)).resolves.toBeUndefined();
  });

  it('gathers what comes while as many flushes as allowed are under way', async () => {
    const sizes: number[] = [];
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const batcher = new MicroBatcher<number>((items) => {
      sizes.push(items.length);
      return gate;
    }, options);
    const first = batcher.add(0);
    await tick();
    const rest = Array.from({ length: 7 }, (_, i) => batcher.add(i));
    await tick();
    expect(sizes).toEqual([1]);
    open();
    await Promise.all([first, ...rest]);
    expect(sizes).toEqual([1, 7]);
  });

  it('lets a partly filled flush wait for the ones under way, and a full one not', async () => {
    const sizes: number[] = [];
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const batcher = new MicroBatcher<number>(
      (items) => {
        sizes.push(items.length);
        return gate;
      },
      { ...options, maxItems: 5, concurrency: 16, partlyFilled: 1 },
    );
    const first = batcher.add(0);
    await tick();
    const rest = Array.from({ length: 8 }, (_, i) => batcher.add(i));
    await tick();
    expect(sizes).toEqual([1, 5]);
    open();
    await Promise.all([first, ...rest]);
    expect(sizes).toEqual([1, 5, 3]);
  });

  it('rests after a flush, and lets what comes meanwhile share the next', async () => {
    const flushes: number[][] = [];
    const batcher = new MicroBatcher<number>(async (items) => void flushes.push(items), {
      ...options,
      restMs: 40,
    });
    await batcher.add(1);
    const later = [batcher.add(2)];
    await tick();
    later.push(batcher.add(3));
    expect(flushes).toEqual([[1]]);
    await Promise.all(later);
    expect(flushes).toEqual([[1], [2, 3]]);
  });

  it('cuts a rest short for a full flush, and to drain', async () => {
    const flushes: number[][] = [];
    const batcher = new MicroBatcher<number>(async (items) => void flushes.push(items), {
      ...options,
      maxItems: 2,
      restMs: 3_600_000,
    });
    await batcher.add(1);
    await Promise.all([batcher.add(2), batcher.add(3)]);
    void batcher.add(4);
    await batcher.drain();
    expect(flushes).toEqual([[1], [2, 3], [4]]);
  });

  it('drains: resolves when nothing waits and nothing is under way', async () => {
    const done: number[] = [];
    const batcher = new MicroBatcher<number>(
      async (items) => {
        await tick();
        done.push(...items);
      },
      { ...options, lingerMs: 60_000 },
    );
    const added = [batcher.add(1), batcher.add(2)];
    await batcher.drain();
    expect(done).toEqual([1, 2]);
    await Promise.all(added);
  });
});
