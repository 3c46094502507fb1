import { BusinessDate, DEFAULT_TIME_ZONE, Money } from '@libs/kernel';
import { demoMonth, demoMonths } from './demo-releases';

describe('the demo company', () => {
  it('has the same month however often one asks', () => {
    expect(demoMonth('2026-10')).toEqual(demoMonth('2026-10'));
  });

  it('keeps every release inside its month, in order of time, so that a later part only appends', () => {
    const times = demoMonth('2026-02').map((release) => release.occurredAt);
    expect(times).toEqual([...times].sort());
    for (const time of times) {
      expect(BusinessDate.of(new Date(time), DEFAULT_TIME_ZONE).toString()).toMatch(/^2026-02-/);
    }
  });

  it('fits a month into one batch', () => {
    expect(demoMonth('2026-10').length).toBeGreaterThan(100);
    expect(demoMonth('2026-10').length).toBeLessThanOrEqual(1_000);
  });

  it('lives from what it sells', () => {
    const balance = demoMonth('2026-10').reduce(
      (sum, release) => sum.plus(Money.parse(release.amount)),
      Money.ZERO,
    );
    expect(balance.cents).toBeGreaterThan(0n);
  });

  it('counts months back over the turn of a year, by the calendar of São Paulo', () => {
    expect(demoMonths(new Date('2026-02-01T02:00:00.000Z'), 4)).toEqual([
      '2025-10',
      '2025-11',
      '2025-12',
      '2026-01',
    ]);
  });
});
