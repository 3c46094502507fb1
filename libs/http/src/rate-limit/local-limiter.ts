import { RateDecision, RateLimiter } from '@libs/redis';

const MAX_KEYS = 20_000;

/**
 * A sliding log of this process alone, for the small limits that guard secrets while the shared store is away. Keys
 * beyond MAX_KEYS push out the oldest: an attacker with so many addresses is past what one process can count.
 */
export class LocalLimiter extends RateLimiter {
  private readonly admitted = new Map<string, number[]>();

  override async consume(key: string, limit: number, windowSeconds: number): Promise<RateDecision> {
    const now = performance.now();
    const windowMs = windowSeconds * 1000;
    const times = (this.admitted.get(key) ?? []).filter((time) => time > now - windowMs);
    const allowed = times.length < limit;
    if (allowed) times.push(now);
    this.keep(key, times);
    const oldest = times[0] ?? now;
    return {
      allowed,
      limit,
      remaining: Math.max(0, limit - times.length),
      resetSeconds: Math.max(1, Math.ceil((oldest + windowMs - now) / 1000)),
    };
  }

  private keep(key: string, times: number[]): void {
    this.admitted.delete(key);
    this.admitted.set(key, times);
    if (this.admitted.size <= MAX_KEYS) return;
    const { value: oldest } = this.admitted.keys().next();
    if (oldest !== undefined) this.admitted.delete(oldest);
  }
}
