import { OneTimeStore } from './one-time-store';

/** What every OneTimeStore promises. */
export function oneTimeStoreContract(make: () => OneTimeStore): void {
  let store: OneTimeStore;
  let key = '';
  let made = 0;
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const claimed = async (lease = 30): Promise<string> => {
    const claim = await store.claim(key, 'hash', lease);
    if (claim.state !== 'claimed') throw new Error(`not claimed but ${claim.state}`);
    return claim.token;
  };

  beforeEach(() => {
    store = make();
    key = `key-${process.pid}-${made++}`;
  });

  it('lets one of many claim a key', async () => {
    const claims = await Promise.all(Array.from({ length: 50 }, () => store.claim(key, 'hash', 30)));
    expect(claims.filter(({ state }) => state === 'claimed')).toHaveLength(1);
    expect(claims.filter(({ state }) => state === 'in_flight')).toHaveLength(49);
  });

  it('answers as before once completed', async () => {
    await store.complete(key, await claimed(), '{"id":"é"}', 60);
    expect(await store.claim(key, 'hash', 30)).toEqual({ state: 'done', answer: '{"id":"é"}' });
  });

  it('keeps an empty answer too', async () => {
    await store.complete(key, await claimed(), '', 60);
    expect(await store.claim(key, 'hash', 30)).toEqual({ state: 'done', answer: '' });
  });

  it('tells another input on the same key, in flight and done', async () => {
    const token = await claimed();
    expect(await store.claim(key, 'other', 30)).toEqual({ state: 'mismatch' });
    await store.complete(key, token, 'x', 60);
    expect(await store.claim(key, 'other', 30)).toEqual({ state: 'mismatch' });
  });

  it('is free again after a release, for any input', async () => {
    await store.release(key, await claimed());
    expect((await store.claim(key, 'other', 30)).state).toBe('claimed');
  });

  it('is free again when the lease ran out', async () => {
    await claimed(0.05);
    await pause(80);
    expect((await store.claim(key, 'other', 30)).state).toBe('claimed');
  });

  it('forgets an answer after its time', async () => {
    await store.complete(key, await claimed(), 'x', 0.05);
    await pause(80);
    expect((await store.claim(key, 'other', 30)).state).toBe('claimed');
  });

  it('keeps a late answer when nobody came in between', async () => {
    const token = await claimed(0.05);
    await pause(80);
    await store.complete(key, token, 'late', 60);
    expect(await store.claim(key, 'hash', 30)).toEqual({ state: 'done', answer: 'late' });
    expect(await store.claim(key, 'other', 30)).toEqual({ state: 'mismatch' });
  });

  it('drops a late answer, and a late release, when another holds the key', async () => {
    const late = await claimed(0.05);
    await pause(80);
    const token = await claimed();
    await store.complete(key, late, 'late', 60);
    await store.release(key, late);
    expect(await store.claim(key, 'hash', 30)).toEqual({ state: 'in_flight' });
    await store.complete(key, token, 'mine', 60);
    await store.release(key, token);
    await store.complete(key, late, 'late', 60);
    expect(await store.claim(key, 'hash', 30)).toEqual({ state: 'done', answer: 'mine' });
  });

  it('gives a value to one of many takers', async () => {
    await store.put(key, 'é', 60);
    const taken = await Promise.all(Array.from({ length: 50 }, () => store.take(key)));
    expect(taken.filter((value) => value !== undefined)).toEqual(['é']);
    expect(await store.take(key)).toBeUndefined();
  });

  it('forgets a value that nobody took, and keeps the last one put', async () => {
    await store.put(key, 'first', 60);
    await store.put(key, 'second', 0.05);
    await pause(80);
    expect(await store.take(key)).toBeUndefined();
  });

  it('keeps claims and values apart', async () => {
    await store.put(key, 'value', 60);
    await store.release(key, await claimed());
    expect(await store.take(key)).toBe('value');
  });
}
