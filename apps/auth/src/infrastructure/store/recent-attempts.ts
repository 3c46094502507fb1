import { RateDecision } from '@libs/redis';

const MAX_KEYS = 50_000;

/** An exact sliding window in this process's memory, bounded: the oldest key gives way. */
export class RecentAttempts {
  private readonly attempts = new Map<string, number[]>();

  constructor(
    private readonly windowMs: number,
    private readonly now: () => number = Date.now,
  ) {}

  consume(key: string, limit: number): RateDecision {
    const now = this.now();
    const recent = (this.attempts.get(key) ?? []).filter((at) => now - at < this.windowMs);
    const allowed = recent.length < limit;
    if (allowed) recent.push(now);
    this.attempts.delete(key);
    this.attempts.set(key, recent);
    if (this.attempts.size > MAX_KEYS) {
      const oldest = this.attempts.keys().next();
      if (!oldest.done) this.attempts.delete(oldest.value);
    }
    const freedAt = (recent[0] ?? now) + this.windowMs;
    return {
      allowed,
      limit,
      remaining: Math.max(0, limit - recent.length),
      resetSeconds: Math.max(1, Math.ceil((freedAt - now) / 1000)),
    };
  }
}
