import { TenantId } from '@libs/kernel';
import { Cache, CacheRead } from '@libs/redis';
import { CachedReportStore, MOST_OF_ONE_APP } from './cached-report.store';

const TTL_SECONDS = 300;
const APP = { tenantId: '019a2b3c-0000-7000-8000-000000000001' as TenantId, appId: 'a' };
const OTHER = { ...APP, appId: 'b' };

class Filled extends Cache {
  readonly kept: string[] = [];

  read = (): Promise<CacheRead> => Promise.resolve({ version: 'v' });
  fill = (_scope: string, key: string): Promise<boolean> => Promise.resolve(this.kept.push(key) > 0);
  renew = (): Promise<void> => Promise.resolve();
}

let cache: Filled;
let now: number;
let store: CachedReportStore;

beforeEach(() => {
  cache = new Filled();
  now = Date.UTC(2026, 10, 22);
  store = new CachedReportStore(cache, TTL_SECONDS, { now: () => new Date(now) });
});

/** @returns how many of them were kept */
async function keep(of: typeof APP, count: number, body: string): Promise<number> {
  const before = cache.kept.length;
  for (let n = 0; n < count; n++) await store.keep(of, `${of.appId} ${n}`, 'v', body);
  return cache.kept.length - before;
}

describe('kept reports', () => {
  it('are none that is huge', async () => {
    expect(await keep(APP, 1, 'x'.repeat(256 * 1024))).toBe(1);
    expect(await keep(APP, 1, 'x'.repeat(256 * 1024 + 1))).toBe(0);
  });

  it('of one application are so many at most while one lives, and leave the others theirs', async () => {
    const { entries } = MOST_OF_ONE_APP;
    expect(await keep(APP, entries + 10, '{}')).toBe(entries);
    expect(await keep(OTHER, 10, '{}')).toBe(10);
    now += TTL_SECONDS * 1_000;
    expect(await keep(APP, 10, '{}')).toBe(10);
  });

  it('of one application are so large at most together', async () => {
    const large = 'x'.repeat(200 * 1024);
    const room = Math.floor(MOST_OF_ONE_APP.characters / large.length);
    expect(await keep(APP, room + 10, large)).toBe(room);
    expect(await keep(APP, 1, '{}')).toBe(1);
  });

  it('of one tenant are bounded, however many applications it has', async () => {
    let kept = 0;
    const large = 'x'.repeat(250 * 1024);
    for (let n = 0; n < 20; n++) kept += await keep({ ...APP, appId: `app ${n}` }, 100, large);
    expect(kept * large.length).toBeLessThanOrEqual(4 * MOST_OF_ONE_APP.characters);
    expect(kept * large.length).toBeGreaterThan(3 * MOST_OF_ONE_APP.characters);
    const stranger = { ...APP, tenantId: '019a2b3c-0000-7000-8000-000000000002' as TenantId };
    expect(await keep(stranger, 1, large)).toBe(1);
  });
});
