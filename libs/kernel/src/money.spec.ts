import fc from 'fast-check';
import { AmountOutOfRange, MalformedAmount, Money } from './money';

const MAX = 10n ** 15n;
const anyMoney = fc.bigInt({ min: -MAX, max: MAX }).map((cents) => Money.fromCents(cents));
const halfMoney = fc.bigInt({ min: -MAX / 2n, max: MAX / 2n }).map((cents) => Money.fromCents(cents));

describe('Money', () => {
  it('reads back exactly what it writes', () => {
    fc.assert(fc.property(anyMoney, (money) => Money.parse(money.toString()).equals(money)));
  });

  it('adds and takes away without loss', () => {
    fc.assert(
      fc.property(halfMoney, halfMoney, (a, b) => {
        expect(a.plus(b).minus(b).equals(a)).toBe(true);
        expect(a.plus(b).cents).toBe(a.cents + b.cents);
      }),
    );
  });

  it.each([
    ['0.00', 0n],
    ['-0.05', -5n],
    ['10.10', 1010n],
    ['10000000000000.00', MAX],
    ['-10000000000000.00', -MAX],
  ])('reads %s', (text, cents) => {
    expect(Money.parse(text).cents).toBe(cents);
  });

  it.each([
    '',
    '1',
    '1.5',
    '1.005',
    '+1.00',
    '01.00',
    '-0.00',
    '1,00',
    '1e2',
    ' 1.00',
    '1.00 ',
    '.50',
    '٣.00',
    'NaN',
    '1.00\n',
  ])('refuses %j', (text) => {
    expect(() => Money.parse(text)).toThrow(MalformedAmount);
  });

  it('refuses more than 10^15 cents, read or computed', () => {
    expect(() => Money.fromCents(MAX + 1n)).toThrow(AmountOutOfRange);
    expect(() => Money.fromCents(-MAX - 1n)).toThrow(AmountOutOfRange);
    expect(() => Money.fromCents(MAX).plus(Money.fromCents(1n))).toThrow(AmountOutOfRange);
    expect(() => Money.parse('10000000000000.01')).toThrow(AmountOutOfRange);
    expect(() => Money.parse('100000000000000.00')).toThrow(MalformedAmount);
  });

  it('is a string in JSON, never a number', () => {
    expect(JSON.stringify({ amount: Money.fromCents(-1234n) })).toBe('{"amount":"-12.34"}');
  });
});
