import fc from 'fast-check';
import { Money } from '@libs/kernel';
import { Balance } from './balance';

describe('Balance', () => {
  it('goes beyond the largest amount of a single release', () => {
    const largest = Money.fromCents(Money.MAX_CENTS);
    expect(Balance.ZERO.plus(largest).plus(largest).toString()).toBe('20000000000000.00');
  });

  it.each([
    [0n, '0.00'],
    [5n, '0.05'],
    [-5n, '-0.05'],
    [-123456n, '-1234.56'],
  ])('writes %s cents as %s', (cents, text) => {
    expect(JSON.stringify(Balance.fromCents(cents))).toBe(JSON.stringify(text));
  });

  it('takes away what it added, exactly', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), (a, b) => {
        const sum = Balance.fromCents(a).plus(Balance.fromCents(b));
        expect(sum.minus(Balance.fromCents(b)).equals(Balance.fromCents(a))).toBe(true);
      }),
    );
  });

  it('refuses a text that is no whole number', () => {
    expect(() => Balance.fromCents('1.5')).toThrow(SyntaxError);
  });
});
