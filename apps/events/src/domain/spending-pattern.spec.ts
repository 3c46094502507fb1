import fc from 'fast-check';
import { BusinessDate, Money } from '@libs/kernel';
import { SpendingPattern, spendingPattern, spendingTexts, WeeklyAmounts } from './spending-pattern';

const WEEK = BusinessDate.parse('2026-11-16');
const cents = (value: number): Money => Money.fromCents(BigInt(value));

/** The amounts of the weeks before, the last one first, and the week's own at the end; 0 stands for nothing spent. */
function weeks(own: number, before: readonly number[]): WeeklyAmounts {
  return [...[...before].reverse(), own].map((value) => (value > 0 ? cents(value) : undefined));
}

/** What stands out of the last week. */
function last(own: number, before: readonly number[]): SpendingPattern | undefined {
  return spendingPattern(weeks(own, before), before.length);
}

const STEADY = [300_00, 320_00, 280_00, 310_00, 290_00, 330_00, 300_00, 305_00];

describe('a spending pattern', () => {
  it('is a week far above what the weeks before it were', () => {
    const pattern = last(900_00, STEADY);
    expect(pattern).toMatchObject({ usual: cents(302_50), amount: cents(900_00), weeksKnown: 8 });
    expect(pattern?.confidence).toBeGreaterThan(80);
  });

  it('is none where the week is as usual, a little above, or below', () => {
    for (const own of [300_00, 380_00, 10_00]) expect(last(own, STEADY)).toBeUndefined();
  });

  it('needs six weeks of history', () => {
    expect(last(900_00, STEADY.slice(0, 5))).toBeUndefined();
    expect(last(900_00, STEADY.slice(0, 6))).toBeDefined();
  });

  it('takes weeks without spending for zero, and finds nothing usual where most are', () => {
    expect(last(900_00, [0, 300_00, 0, 0, 0, 0, 300_00])).toBeUndefined();
  });

  it('is not made by one odd week before it, as a mean would be', () => {
    const odd = [300_00, 320_00, 280_00, 9_000_00, 290_00, 330_00, 300_00];
    expect(last(900_00, odd)).toMatchObject({ usual: cents(300_00) });
  });

  it('does not tell of cents, however steady the habit is', () => {
    expect(last(20_00, [4_00, 4_00, 4_00, 4_00, 4_00, 4_00])).toBeUndefined();
  });

  it('is surer the further the week lies and the longer the habit is', () => {
    const steady = (length: number) => Array.from({ length }, () => 100_00);
    const confidence = (own: number, length: number) => last(own, steady(length))?.confidence ?? 0;
    expect(confidence(150_00, 6)).toBeLessThan(confidence(200_00, 6));
    expect(confidence(200_00, 6)).toBeLessThan(confidence(200_00, 26));
    // more than half a year ago tells nothing
    expect(confidence(200_00, 40)).toBe(confidence(200_00, 26));
  });

  it('says the numbers in Portuguese', () => {
    const pattern = last(900_00, STEADY);
    expect(pattern && spendingTexts(pattern, WEEK, 'alimentação', 'BRL')).toEqual({
      title: 'Gastos elevados em alimentação',
      description:
        'Na semana de 16/11/2026 a 22/11/2026 você gastou R$ 900,00 em alimentação. Nas 8 semanas anteriores o habitual ' +
        '(mediana) foi R$ 302,50 por semana: são R$ 597,50 (198%) a mais.',
    });
  });

  it('takes a category for what the client calls it, whatever objects inherit', () => {
    const pattern = last(900_00, STEADY);
    for (const category of ['constructor', 'toString', '__proto__'])
      expect(pattern && spendingTexts(pattern, WEEK, category, 'BRL').title).toBe(
        `Gastos elevados em ${category}`,
      );
  });

  it('has a confidence of 0 to 100 and never falls when the week grows, whatever was spent', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1_000_000), { maxLength: 40 }),
        fc.nat(10_000_000),
        fc.nat(1_000_000),
        (before, own, more) => {
          const one = last(own, before)?.confidence ?? 0;
          const other = last(own + more, before)?.confidence ?? 0;
          expect(one).toBeGreaterThanOrEqual(0);
          expect(other).toBeLessThanOrEqual(100);
          expect(other).toBeGreaterThanOrEqual(one);
        },
      ),
    );
  });
});
