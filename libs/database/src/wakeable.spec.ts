import { Wakeable } from './wakeable';

describe('Wakeable', () => {
  it('ends a pause early when it is woken', async () => {
    const pause = new Wakeable();
    const sleeping = pause.sleep(60_000);
    pause.wake();
    await expect(sleeping).resolves.toBe(true);
  });

  it('keeps a wake that comes before the pause', async () => {
    const pause = new Wakeable();
    pause.wake();
    await expect(pause.sleep(60_000)).resolves.toBe(true);
    await expect(pause.sleep(1)).resolves.toBe(false);
  });

  it('rests through wakes until it is enough', async () => {
    const pause = new Wakeable();
    let enough = false;
    const resting = pause.rest(60_000, () => enough);
    pause.wake();
    enough = true;
    pause.wake();
    await expect(resting).resolves.toBeUndefined();
  });
});
