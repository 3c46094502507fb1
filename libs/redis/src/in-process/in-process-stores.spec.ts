import { FixedClock } from '@libs/testing';
import { SystemClock } from '@libs/kernel';
import { cacheContract } from '../cache.contract';
import { expiringSetContract } from '../expiring-set.contract';
import { oneTimeStoreContract } from '../one-time-store.contract';
import { rateLimiterContract } from '../rate-limiter.contract';
import { BoundedMap } from './bounded-map';
import { InProcessCache } from './in-process-cache';
import { InProcessExpiringSet } from './in-process-expiring-set';
import { InProcessOneTimeStore } from './in-process-one-time-store';
import { InProcessRateLimiter } from './in-process-rate-limiter';

const clock = new SystemClock();

describe('Cache, in process', () => cacheContract(() => new InProcessCache(clock)));
describe('RateLimiter, in process', () => rateLimiterContract((now) => new InProcessRateLimiter(now)));
describe('OneTimeStore, in process', () => oneTimeStoreContract(() => new InProcessOneTimeStore(clock)));
describe('ExpiringSet, in process', () => expiringSetContract(() => new InProcessExpiringSet(clock)));

describe('BoundedMap', () => {
  const fixed = new FixedClock();
  const now = (): number => fixed.now().getTime();

  it('drops what was written longest ago to make room', () => {
    const map = new BoundedMap<number>({ entries: 3 }, now);
    for (const key of ['a', 'b', 'c', 'a', 'd']) map.set(key, 1, Infinity);
    expect(['a', 'b', 'c', 'd'].filter((key) => map.get(key) !== undefined)).toEqual(['a', 'c', 'd']);
  });

  it('stays under its weight', () => {
    const map = new BoundedMap<string>({ entries: 1_000, characters: 1_000 }, now);
    for (let i = 0; i < 100; i++) map.set(`key${i}`, 'x', Infinity, 95);
    expect(map.size).toBeLessThanOrEqual(10);
    expect(map.get('key99')).toBe('x');
  });

  it('gets rid of expired entries that nobody asks for', () => {
    const map = new BoundedMap<number>({ entries: 100_000 }, now);
    for (let i = 0; i < 1_000; i++) map.set(`old${i}`, i, now() + 1_000);
    fixed.advance({ seconds: 2 });
    for (let i = 0; i < 1_000; i++) map.set(`new${i}`, i, Infinity);
    expect(map.size).toBeLessThan(1_100);
  });
});

it('a flood of callers takes no more than its share of memory', async () => {
  const limiter = new InProcessRateLimiter();
  for (let i = 0; i < 120_000; i++) await limiter.consume(`ip-${i}`, 200, 60);
  expect(limiter.size).toBe(100_000);
});
