import fc from 'fast-check';
import { bisect } from './bisect';

class Poison extends Error {}
const isPoison = (error: unknown): boolean => error instanceof Poison;

function table(poison: ReadonlySet<number>) {
  const done: number[] = [];
  let attempts = 0;
  return {
    done,
    attempts: () => attempts,
    insert: async (rows: readonly number[]): Promise<void> => {
      attempts += 1;
      if (rows.some((row) => poison.has(row))) throw new Poison();
      done.push(...rows);
    },
  };
}

describe('bisect', () => {
  it('does every good row exactly once and names every bad one, wherever they stand', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(500), { maxLength: 60 }),
        fc.func(fc.boolean()),
        async (rows, isBad) => {
          const bad = rows.filter((row) => isBad(row));
          const { insert, done } = table(new Set(bad));
          const poisoned = await bisect(rows, insert, isPoison);
          expect(poisoned.map(({ row }) => row)).toEqual(bad);
          expect([...done].sort()).toEqual(rows.filter((row) => !bad.includes(row)).sort());
        },
      ),
    ));

  it('takes one attempt when nothing is wrong and few when one row is', async () => {
    const rows = Array.from({ length: 512 }, (_, i) => i);
    const fine = table(new Set());
    await bisect(rows, fine.insert, isPoison);
    expect(fine.attempts()).toBe(1);
    const one = table(new Set([300]));
    await bisect(rows, one.insert, isPoison);
    expect(one.attempts()).toBeLessThanOrEqual(19);
  });

  it('passes on an error that is not about the data, at once', async () => {
    const insert = jest.fn().mockRejectedValue(new Error('connection lost'));
    await expect(bisect([1, 2, 3], insert, isPoison)).rejects.toThrow('connection lost');
    expect(insert).toHaveBeenCalledTimes(1);
  });
});
