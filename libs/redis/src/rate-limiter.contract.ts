import fc from 'fast-check';
import { RateLimiter } from './rate-limiter';

const SECOND = 1_000_000;

/** What every RateLimiter promises; `make` gets the clock, in microseconds. */
export function rateLimiterContract(make: (microseconds: () => number) => RateLimiter): void {
  let now = 0;
  let limiter: RateLimiter;
  let key = '';
  let made = 0;

  beforeEach(() => {
    now = 1_700_000_000 * SECOND;
    limiter = make(() => now);
    key = `caller-${process.pid}-${made++}`;
  });

  const admitted = async (attempts: number, limit: number, window = 60): Promise<number> => {
    let count = 0;
    for (let i = 0; i < attempts; i++) if ((await limiter.consume(key, limit, window)).allowed) count++;
    return count;
  };

  it('admits the limit and not one more', async () => {
    expect(await admitted(130, 100)).toBe(100);
  });

  it('counts down and says when to come again', async () => {
    expect(await limiter.consume(key, 2, 60)).toEqual({
      allowed: true,
      limit: 2,
      remaining: 1,
      resetSeconds: 61,
    });
    now += 10 * SECOND;
    expect(await limiter.consume(key, 2, 60)).toMatchObject({
      allowed: true,
      remaining: 0,
      resetSeconds: 51,
    });
    now += 5 * SECOND;
    expect(await limiter.consume(key, 2, 60)).toEqual({
      allowed: false,
      limit: 2,
      remaining: 0,
      resetSeconds: 46,
    });
    now += 46 * SECOND;
    expect(await limiter.consume(key, 2, 60)).toMatchObject({ allowed: true, remaining: 0 });
  });

  it('tells a refused caller the moment it will be admitted, neither later nor earlier', async () => {
    await admitted(5, 5, 900);
    now += 100 * SECOND;
    const { resetSeconds } = await limiter.consume(key, 5, 900);
    now += (resetSeconds - 1) * SECOND;
    expect((await limiter.consume(key, 5, 900)).allowed).toBe(false);
    now += SECOND;
    expect((await limiter.consume(key, 5, 900)).allowed).toBe(true);
  });

  it('admits 100 across the boundary of two minutes, not 199', async () => {
    now = Math.ceil(now / (60 * SECOND)) * 60 * SECOND - 1; // the last microsecond of a minute
    expect(await admitted(99, 100)).toBe(99);
    now += 2; // the next minute
    expect(await admitted(100, 100)).toBe(1);
    now += 59 * SECOND;
    expect(await admitted(100, 100)).toBe(0);
    now += 2 * SECOND;
    expect(await admitted(200, 100)).toBe(100);
  });

  it('does not count what it refused', async () => {
    expect(await admitted(1000, 10)).toBe(10);
    now += 61 * SECOND;
    expect(await admitted(1000, 10)).toBe(10);
  });

  it('keeps keys and windows apart', async () => {
    await admitted(5, 5);
    expect((await limiter.consume(`${key}}`, 5, 60)).allowed).toBe(true);
    expect((await limiter.consume(key, 5, 900)).allowed).toBe(true);
    expect((await limiter.consume(key, 5, 60)).allowed).toBe(false);
  });

  it('refuses all where the limit is 0, and heeds a limit that was lowered', async () => {
    expect(await limiter.consume(key, 0, 60)).toMatchObject({ allowed: false, remaining: 0 });
    await admitted(10, 10);
    expect(await limiter.consume(key, 3, 60)).toMatchObject({ allowed: false, remaining: 0 });
  });

  it('admits at most the limit in ANY window, and all that leaves room for it', async () => {
    const calls = fc.array(
      fc.oneof(
        fc.constant(0),
        fc.integer({ min: 1, max: 2 * SECOND }),
        fc.integer({ min: 1, max: 30 * SECOND }),
        // What attackers try: right at the edges.
        fc.constantFrom(SECOND - 1, SECOND, 59 * SECOND, 60 * SECOND - 1, 60 * SECOND, 61 * SECOND),
      ),
      { minLength: 5, maxLength: 60 },
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(calls, fc.integer({ min: 1, max: 7 }), async (steps, limit) => {
        const times: number[] = [];
        const caller = `${key}-${run++}`;
        for (const step of steps) {
          now += step;
          const { allowed, remaining } = await limiter.consume(caller, limit, 60);
          const within = (span: number) => times.filter((time) => time > now - span).length;
          if (allowed) {
            expect(within(60 * SECOND)).toBeLessThan(limit);
            times.push(now);
          } else expect(within(61 * SECOND + 1)).toBeGreaterThanOrEqual(limit);
          expect(remaining).toBeLessThanOrEqual(limit - within(60 * SECOND));
        }
      }),
      { numRuns: 100 },
    );
  });
}
