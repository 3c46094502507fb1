export interface RateDecision {
  readonly allowed: boolean;
  readonly limit: number;
  /** How many more would be admitted right now. */
  readonly remaining: number;
  /** Whole seconds until the window gives something back; when refused, until one would be admitted. At least 1. */
  readonly resetSeconds: number;
}

/** A window is cut into this many parts; the oldest one counts whole as long as any of it is inside the window. */
export const SUB_BUCKETS = 60;

/**
 * Admits at most `limit` in ANY `windowSeconds`, however the calls straddle minutes and processes. What is refused
 * does not count. The price of exactness: a unit comes back up to 1/60 of the window late.
 */
export abstract class RateLimiter {
  /** A limit of 0 refuses all: whether 0 means "off" is for the caller to know. @throws StoreUnavailable */
  abstract consume(key: string, limit: number, windowSeconds: number): Promise<RateDecision>;
}
