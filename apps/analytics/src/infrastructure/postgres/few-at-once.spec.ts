import { TooManyReports } from '../../domain/raw-report.errors';
import { FewAtOnce } from './few-at-once';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('FewAtOnce', () => {
  it('lets so many work, so many wait, and refuses the rest; a failure gives its place back', async () => {
    const places = new FewAtOnce(2, 2);
    let [working, most] = [0, 0];
    const ends: (() => void)[] = [];
    const work = async () => {
      most = Math.max(most, (working += 1));
      await new Promise<void>((resolve) => ends.push(resolve));
      working -= 1;
      throw new Error('done');
    };
    const asked = Array.from({ length: 5 }, (_, of) =>
      places.run(`${of}`, work).catch((error: unknown) => error),
    );
    expect(await asked[4]).toBeInstanceOf(TooManyReports);
    for (let at = 0; at < 4; at++) {
      await turn();
      ends[at]?.();
    }
    expect(await Promise.all(asked.slice(0, 4))).toEqual(Array(4).fill(new Error('done')));
    expect(most).toBe(2);
    const again = places.run('again', () => Promise.resolve('again'));
    expect(await again).toBe('again');
  });

  it('keeps a place for others, and gives it to them before the next of one who has some', async () => {
    const places = new FewAtOnce(2, 2);
    const ends: (() => void)[] = [];
    const order: string[] = [];
    const ask = (of: string) =>
      places.run(of, async () => {
        order.push(of);
        await new Promise<void>((resolve) => ends.push(resolve));
      });
    const greedy = [ask('greedy'), ask('greedy'), ask('greedy')];
    await expect(ask('greedy')).rejects.toThrow(TooManyReports);
    const modest = ask('modest');
    ends[0]?.();
    await turn();
    expect(order).toEqual(['greedy', 'greedy', 'modest']);
    // the place that one of theirs gave back is theirs again
    const more = ask('greedy');
    for (let at = 1; at < 5; at++) {
      ends[at]?.();
      await turn();
    }
    await Promise.all([...greedy, modest, more]);
    expect(order).toEqual(['greedy', 'greedy', 'modest', 'greedy', 'greedy']);
  });

  it('works one after the other where there is a single place', async () => {
    const places = new FewAtOnce(1, 1);
    let end: () => void = () => undefined;
    const first = places.run('one', () => new Promise<void>((resolve) => (end = resolve)));
    await expect(places.run('one', () => Promise.resolve())).rejects.toThrow(TooManyReports);
    const other = places.run('other', () => Promise.resolve('done'));
    end();
    await first;
    expect(await other).toBe('done');
  });
});
