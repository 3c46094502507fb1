import { RateDecision, RateLimiter, SUB_BUCKETS } from '../rate-limiter';
import { BoundedMap } from './bounded-map';

/** Sub-buckets with something in them, oldest first. */
interface Window {
  readonly buckets: number[];
  readonly counts: number[];
  total: number;
}

/** Exact within one process. Time is monotonic: setting the clock gives nobody a fresh window. */
export class InProcessRateLimiter extends RateLimiter {
  private readonly windows: BoundedMap<Window>;

  constructor(private readonly microseconds: () => number = () => performance.now() * 1000) {
    super();
    this.windows = new BoundedMap({ entries: 100_000 }, () => microseconds() / 1000);
  }

  get size(): number {
    return this.windows.size;
  }

  async consume(key: string, limit: number, windowSeconds: number): Promise<RateDecision> {
    const width = (windowSeconds * 1_000_000) / SUB_BUCKETS;
    const now = this.microseconds();
    const bucket = Math.floor(now / width);
    const id = `${windowSeconds} ${key}`;
    const window = this.windows.get(id) ?? { buckets: [], counts: [], total: 0 };
    forget(window, bucket - SUB_BUCKETS);
    const allowed = window.total < limit;
    if (allowed) {
      count(window, bucket);
      this.windows.set(id, window, (now + (SUB_BUCKETS + 1) * width) / 1000, 2 * SUB_BUCKETS);
    }
    const leaves = allowed ? (window.buckets[0] ?? bucket) : lastToLeave(window, limit, bucket);
    const wait = Math.ceil(((leaves + SUB_BUCKETS + 1) * width - now) / 1_000_000);
    return {
      allowed,
      limit,
      remaining: Math.max(0, limit - window.total),
      resetSeconds: Math.max(1, wait),
    };
  }
}

function forget(window: Window, oldest: number): void {
  let gone = 0;
  while (gone < window.buckets.length && (window.buckets[gone] ?? oldest) < oldest)
    window.total -= window.counts[gone++] ?? 0;
  window.buckets.splice(0, gone);
  window.counts.splice(0, gone);
}

function count(window: Window, bucket: number): void {
  window.total++;
  const last = window.buckets.length - 1;
  if (window.buckets[last] === bucket) window.counts[last] = (window.counts[last] ?? 0) + 1;
  else {
    window.buckets.push(bucket);
    window.counts.push(1);
  }
}

/** The sub-bucket whose leaving lets one more in. */
function lastToLeave(window: Window, limit: number, bucket: number): number {
  let left = window.total;
  for (const [i, each] of window.buckets.entries()) {
    left -= window.counts[i] ?? 0;
    if (left < limit) return each;
  }
  return bucket;
}
