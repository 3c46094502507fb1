import { InProcessOneTimeStore } from '@libs/redis';
import { newId, UserId } from '@libs/kernel';
import { FixedClock } from '@libs/testing';
import { PendingChallenge } from '../../application/sign-in/challenge-store';
import { OneTimeChallengeStore } from './one-time-challenge-store';
import { SealedOneTimeStore } from './sealed-one-time-store';

const clock = new FixedClock();
const inner = new InProcessOneTimeStore(clock);
const put = jest.spyOn(inner, 'put');
const SECRET = 'a secret of thirty-two characters or more';
const storeWith = (secret: string) => new OneTimeChallengeStore(new SealedOneTimeStore(secret, inner));
const store = storeWith(SECRET);
const userId = newId<UserId>();

function pending(seconds = 300): PendingChallenge {
  return {
    challenge: 'SOFTWARE_TOKEN_MFA',
    continuation: 'what the provider said in confidence',
    answerer: 'provider',
    purpose: { kind: 'sign_in', subdomain: 'estrela' },
    userId,
    triesLeft: 5,
    endsAt: new Date(clock.now().getTime() + seconds * 1000),
  };
}

describe('pending sign-ins', () => {
  it('are given once, whole, to who has the id', async () => {
    const kept = pending();
    const id = await store.keep(kept, clock.now());
    const takers = await Promise.all(Array.from({ length: 20 }, () => store.take(id, clock.now())));
    expect(takers.filter(Boolean)).toEqual([kept]);
  });

  it('can be given back for another try, for no longer than at first', async () => {
    const id = await store.keep(pending(), clock.now());
    const taken = await store.take(id, clock.now());
    clock.advance({ seconds: 200 });
    await store.putBack(id, { ...(taken as PendingChallenge), triesLeft: 4 }, clock.now());
    expect(put.mock.lastCall?.[2]).toBeCloseTo(100);
    clock.advance({ seconds: 99 });
    expect(await store.take(id, clock.now())).toMatchObject({ triesLeft: 4 });
    await store.putBack(id, taken as PendingChallenge, clock.now());
    clock.advance({ seconds: 2 });
    expect(await store.take(id, clock.now())).toBeUndefined();
  });

  it('show neither themselves nor their id to who reads the store', async () => {
    const id = await store.keep(pending(), clock.now());
    const [key, value] = put.mock.lastCall ?? ['', ''];
    const seen = `${key} ${value} ${Buffer.from(value, 'base64').toString('latin1')}`;
    for (const secret of [id, userId, 'confidence', 'estrela', 'SOFTWARE_TOKEN_MFA'])
      expect(seen).not.toContain(secret);
  });

  it('are not there when they were altered in the store, or kept for another id', async () => {
    const id = await store.keep(pending(), clock.now());
    const [key = '', value = ''] = put.mock.lastCall ?? [];
    const altered = Buffer.from(value, 'base64');
    altered[20] = (altered[20] ?? 0) ^ 1;
    await inner.put(key, altered.toString('base64'), 300);
    expect(await store.take(id, clock.now())).toBeUndefined();
    const other = await store.keep(pending(), clock.now());
    await inner.put(put.mock.lastCall?.[0] ?? '', value, 300);
    expect(await store.take(other, clock.now())).toBeUndefined();
    for (const text of ['', 'x', '{}', value.slice(0, 20)]) {
      await inner.put(key, text, 300);
      expect(await store.take(id, clock.now())).toBeUndefined();
    }
  });

  it('are nobody’s to write who lacks our secret, though they know the id and where it is kept', async () => {
    const id = await store.keep(pending(), clock.now());
    const [key = ''] = put.mock.lastCall ?? [];
    const forger = storeWith('another secret of thirty-two characters');
    await forger.putBack(id, pending(), clock.now());
    const [elsewhere, forged = ''] = put.mock.lastCall ?? [];
    expect(elsewhere).not.toBe(key);
    await inner.put(key, forged, 300);
    expect(await store.take(id, clock.now())).toBeUndefined();
  });

  it('are not found by an id that was spelt otherwise', async () => {
    const id = await store.keep(pending(), clock.now());
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const character of last)
      if (!id.endsWith(character))
        expect(await store.take(id.slice(0, -1) + character, clock.now())).toBeUndefined();
    for (const text of ['', `${id}=`, ` ${id}`, `${id}\n`, id.slice(1)])
      expect(await store.take(text, clock.now())).toBeUndefined();
    expect(await store.take(id, clock.now())).toBeDefined();
  });
});
