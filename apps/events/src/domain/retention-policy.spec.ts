import fc from 'fast-check';
import { MAX_RETENTION_MONTHS, RetentionPolicy } from './retention-policy';

const NOW = new Date('2026-11-22T12:00:00.000Z');
const oldest = (policy: RetentionPolicy, critical: boolean, now = NOW) =>
  policy.oldest(critical, now).toISOString();

describe('how long events are kept', () => {
  it('is 13 months, and five years for critical ones, where a tenant said nothing', () => {
    expect(oldest(RetentionPolicy.DEFAULT, false)).toBe('2025-10-01T00:00:00.000Z');
    expect(oldest(RetentionPolicy.DEFAULT, true)).toBe('2021-11-01T00:00:00.000Z');
  });

  it('changes at the first moment of a month, in UTC', () => {
    const policy = RetentionPolicy.DEFAULT.changed(1, 12, NOW);
    expect(oldest(policy, false, new Date('2026-12-31T23:59:59.999Z'))).toBe('2026-11-01T00:00:00.000Z');
    expect(oldest(policy, false, new Date('2027-01-01T00:00:00.000Z'))).toBe('2026-12-01T00:00:00.000Z');
  });

  it('does not let in again what a shorter time left out', () => {
    const short = RetentionPolicy.DEFAULT.changed(2, 12, NOW);
    const long = short.changed(24, 120, new Date('2026-11-22T12:00:01.000Z'));
    expect(oldest(long, false)).toBe(oldest(short, false));
    expect(oldest(long, true)).toBe('2025-11-01T00:00:00.000Z');
    // and years later what was kept since then still is
    expect(oldest(long, true, new Date('2030-01-01T00:00:00.000Z'))).toBe('2025-11-01T00:00:00.000Z');
  });

  it.each([
    [0, 60],
    [13, 121],
    [1.5, 60],
    [13, 12],
    [Number.NaN, 60],
  ])('is refused as %d and %d months', (months, criticalMonths) => {
    const attempt = () => RetentionPolicy.DEFAULT.changed(months, criticalMonths, NOW);
    expect(attempt).toThrow(expect.objectContaining({ code: 'invalid_retention' }));
  });

  it('never goes back, whatever it is changed to and whenever', () => {
    const change = fc.record({
      months: fc.integer({ min: 1, max: MAX_RETENTION_MONTHS }),
      more: fc.nat({ max: MAX_RETENTION_MONTHS }),
      days: fc.integer({ min: 0, max: 400 }),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        let [policy, now] = [RetentionPolicy.DEFAULT, NOW];
        for (const { months, more, days } of changes) {
          const before = policy;
          policy = policy.changed(months, Math.min(MAX_RETENTION_MONTHS, months + more), now);
          const later = new Date(now.getTime() + days * 86_400_000);
          for (const critical of [false, true])
            expect(policy.oldest(critical, later).getTime()).toBeGreaterThanOrEqual(
              before.oldest(critical, now).getTime(),
            );
          now = later;
        }
      }),
    );
  });
});
