import fc from 'fast-check';
import { BusinessDate, Money } from '@libs/kernel';
import { spendingPattern, spendingTexts } from './spending-pattern';

const WEEK = BusinessDate.parse('2026-11-16');
const cents = (value: number): Money => Money.fromCents(BigInt(value));

/** The week's own amount, and those of the weeks before it, the last one first; 0 stands for nothing spent. */
function totals(own: number, before: readonly number[]): Map<string, Money> {
  const all = new Map([[WEEK.toString(), cents(own)]]);
  before.forEach((value, at) => {
    if (value > 0) all.set(WEEK.plusDays(-7 * (at + 1)).toString(), cents(value));
  });
  return all;
}

const STEADY = [300_00, 320_00, 280_00, 310_00, 290_00, 330_00, 300_00, 305_00];

describe('a spending pattern', () => {
  it('is a week far above what the weeks before it were', () => {
    const pattern = spendingPattern(totals(900_00, STEADY), WEEK);
    expect(pattern).toMatchObject({ usual: cents(302_50), amount: cents(900_00), weeksKnown: 8 });
    expect(pattern?.confidence).toBeGreaterThan(80);
  });

  it('is none where the week is as usual, a little above, or below', () => {
    for (const own of [300_00, 380_00, 10_00])
      expect(spendingPattern(totals(own, STEADY), WEEK)).toBeUndefined();
  });

  it('needs six weeks of history', () => {
    expect(spendingPattern(totals(900_00, STEADY.slice(0, 5)), WEEK)).toBeUndefined();
    expect(spendingPattern(totals(900_00, STEADY.slice(0, 6)), WEEK)).toBeDefined();
  });

  it('takes weeks without spending for zero, and finds nothing usual where most are', () => {
    expect(spendingPattern(totals(900_00, [0, 300_00, 0, 0, 0, 0, 300_00]), WEEK)).toBeUndefined();
  });

  it('is not made by one odd week before it, as a mean would be', () => {
    const odd = [300_00, 320_00, 280_00, 9_000_00, 290_00, 330_00, 300_00];
    expect(spendingPattern(totals(900_00, odd), WEEK)).toMatchObject({ usual: cents(300_00) });
  });

  it('does not tell of cents, however steady the habit is', () => {
    expect(spendingPattern(totals(20_00, [4_00, 4_00, 4_00, 4_00, 4_00, 4_00]), WEEK)).toBeUndefined();
  });

  it('is surer the further the week lies and the longer the habit is', () => {
    const steady = (weeks: number) => Array.from({ length: weeks }, () => 100_00);
    const confidence = (own: number, weeks: number) =>
      spendingPattern(totals(own, steady(weeks)), WEEK)?.confidence ?? 0;
    expect(confidence(150_00, 6)).toBeLessThan(confidence(200_00, 6));
    expect(confidence(200_00, 6)).toBeLessThan(confidence(200_00, 26));
    // more than half a year ago tells nothing
    expect(confidence(200_00, 40)).toBe(confidence(200_00, 26));
  });

  it('says the numbers in Portuguese', () => {
    const pattern = spendingPattern(totals(900_00, STEADY), WEEK);
    expect(pattern && spendingTexts(pattern, 'alimentação', 'BRL')).toEqual({
      title: 'Gastos elevados em alimentação',
      description:
        'Na semana de 16/11/2026 a 22/11/2026 você gastou R$ 900,00 em alimentação. Nas 8 semanas anteriores o habitual ' +
        '(mediana) foi R$ 302,50 por semana: são R$ 597,50 (198%) a mais.',
    });
  });

  it('has a confidence of 0 to 100 and never falls when the week grows, whatever was spent', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1_000_000), { maxLength: 40 }),
        fc.nat(10_000_000),
        fc.nat(1_000_000),
        (before, own, more) => {
          const one = spendingPattern(totals(own, before), WEEK)?.confidence ?? 0;
          const other = spendingPattern(totals(own + more, before), WEEK)?.confidence ?? 0;
          expect(one).toBeGreaterThanOrEqual(0);
          expect(other).toBeLessThanOrEqual(100);
          expect(other).toBeGreaterThanOrEqual(one);
        },
      ),
    );
  });
});
