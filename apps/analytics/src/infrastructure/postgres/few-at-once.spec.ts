import { TooManyReports } from '../../domain/raw-report.errors';
import { FewAtOnce } from './few-at-once';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('FewAtOnce', () => {
  it('lets so many work, so many wait, and refuses the rest; a failure gives its place back', async () => {
    const places = new FewAtOnce(2, 1);
    let [working, most] = [0, 0];
    const ends: (() => void)[] = [];
    const work = async () => {
      most = Math.max(most, (working += 1));
      await new Promise<void>((resolve) => ends.push(resolve));
      working -= 1;
      throw new Error('done');
    };
    const asked = Array.from({ length: 4 }, () => places.run(work).catch((error: unknown) => error));
    expect(await asked[3]).toBeInstanceOf(TooManyReports);
    for (let at = 0; at < 3; at++) {
      await turn();
      ends[at]?.();
    }
    expect(await Promise.all(asked.slice(0, 3))).toEqual(Array(3).fill(new Error('done')));
    expect(most).toBe(2);
    const again = places.run(() => Promise.resolve('again'));
    expect(await again).toBe('again');
  });
});
