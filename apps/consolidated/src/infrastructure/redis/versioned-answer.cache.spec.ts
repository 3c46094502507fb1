import { Cache, CacheRead, StoreUnavailable } from '@libs/redis';
import { newId } from '@libs/kernel';
import { ACME, OTHER } from '../../../test/entry.builder';
import { VersionedAnswerCache } from './versioned-answer.cache';

/** Keeps one value a scope; goes away when told. */
class FragileCache extends Cache {
  away = false;
  readonly ttls: number[] = [];
  private readonly scopes = new Map<string, { version: string; value?: string }>();

  async read(scope: string): Promise<CacheRead> {
    this.mustBeThere();
    const slot = this.scopes.get(scope) ?? { version: newId() };
    this.scopes.set(scope, slot);
    return { ...slot, ageSeconds: 0 };
  }

  async fill(
    scope: string,
    _key: string,
    version: string,
    value: string,
    ttlSeconds: number,
  ): Promise<boolean> {
    this.mustBeThere();
    this.ttls.push(ttlSeconds);
    if (this.scopes.get(scope)?.version !== version) return false;
    this.scopes.set(scope, { version, value });
    return true;
  }

  async renew(scopes: readonly string[]): Promise<void> {
    this.mustBeThere();
    for (const scope of scopes) this.scopes.set(scope, { version: newId() });
  }

  private mustBeThere(): void {
    if (this.away) throw new StoreUnavailable();
  }
}

function setting() {
  const store = new FragileCache();
  const cache = new VersionedAnswerCache(store, 600);
  const fill = async (value: string) => {
    const slot = await cache.read(ACME, 'day');
    await cache.fill(ACME, 'day', slot?.version ?? '', value);
  };
  return { store, cache, fill };
}

describe('VersionedAnswerCache', () => {
  it('misses and drops fills while the cache is away', async () => {
    const { store, cache } = setting();
    store.away = true;
    expect(await cache.read(ACME, 'day')).toBeUndefined();
    await expect(cache.fill(ACME, 'day', 'v', 'body')).resolves.toBeUndefined();
  });

  it('tells the consumer that a renewal failed', async () => {
    const { store, cache } = setting();
    store.away = true;
    await expect(cache.renew([ACME])).rejects.toThrow(StoreUnavailable);
  });

  it('does not believe what a failed renewal left behind, once the cache is back', async () => {
    const { store, cache, fill } = setting();
    await fill('before the posting');
    store.away = true;
    await expect(cache.renew([ACME, OTHER])).rejects.toThrow();
    store.away = false;
    const slot = await cache.read(ACME, 'day');
    expect(slot?.value).toBeUndefined();
    await cache.fill(ACME, 'day', slot?.version ?? '', 'after the posting');
    expect((await cache.read(ACME, 'day'))?.value).toBe('after the posting');
  });

  it('waits for the later renewal although an earlier one comes back well', async () => {
    const { store, cache, fill } = setting();
    await fill('before');
    const earlier = cache.renew([ACME]);
    store.away = true;
    await expect(cache.renew([ACME])).rejects.toThrow(); // about a commit that the earlier one knew nothing of
    await earlier;
    expect(await cache.read(ACME, 'day')).toBeUndefined();
  });

  it('keeps an answer for the time to live, or shorter where the answer ends earlier', async () => {
    const { store, cache, fill } = setting();
    await fill('body');
    const version = (await cache.read(ACME, 'day'))?.version ?? '';
    await cache.fill(ACME, 'today', version, 'body', 30);
    await cache.fill(ACME, 'today', version, 'body', 9_000);
    await cache.fill(ACME, 'today', version, 'body', 0); // already over: not at all
    expect(store.ttls).toEqual([600, 30, 600]);
  });
});
