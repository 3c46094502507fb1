import { Accumulator } from './accumulator';

describe('Accumulator', () => {
  afterEach(() => jest.restoreAllMocks());

  it('lets a batch leave in time when the wall clock is set back', async () => {
    const left: number[][] = [];
    let finishFirst: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (finishFirst = resolve));
    const accumulator = new Accumulator<number>(
      async (items) => {
        left.push(items);
        if (left.length === 1) await first;
      },
      { maxRows: 10, maxWaitMs: 5 },
    );
    accumulator.add(1, 10);
    accumulator.add(2, 1);
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now - 3_600_000);
    finishFirst();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(left).toEqual([[1], [2]]);
  });
});
