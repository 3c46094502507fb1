import { DomainError } from './domain-error';

const DECIMAL = /^-?(0|[1-9]\d{0,13})\.\d{2}$/;
const CENTS = 100n;

/** An amount of Brazilian reais held as whole cents, so that no operation ever rounds. */
export class Money {
  /** The largest magnitude a Money can have: 10^15 cents, ten trillion reais. */
  static readonly MAX_CENTS = 10n ** 15n;
  static readonly ZERO = new Money(0n);

  private constructor(readonly cents: bigint) {}

  /** @throws AmountOutOfRange beyond ±10^15 cents */
  static fromCents(cents: bigint | string): Money {
    const value = BigInt(cents);
    if (value > Money.MAX_CENTS || value < -Money.MAX_CENTS) throw new AmountOutOfRange();
    return new Money(value);
  }

  /**
   * Reads the wire form: a decimal with exactly two places, `"-12.34"`.
   * @throws MalformedAmount for any other shape (`1`, `1.5`, `+1.00`, `01.00`, `-0.00`), AmountOutOfRange
   */
  static parse(text: string): Money {
    if (!DECIMAL.test(text) || text === '-0.00') throw new MalformedAmount();
    return Money.fromCents(text.replace('.', ''));
  }

  plus(other: Money): Money {
    return Money.fromCents(this.cents + other.cents);
  }

  minus(other: Money): Money {
    return Money.fromCents(this.cents - other.cents);
  }

  negate(): Money {
    return new Money(-this.cents);
  }

  isZero(): boolean {
    return this.cents === 0n;
  }

  isNegative(): boolean {
    return this.cents < 0n;
  }

  equals(other: Money): boolean {
    return this.cents === other.cents;
  }

  /** The wire form, two places always: `"-0.05"`. */
  toString(): string {
    const magnitude = this.cents < 0n ? -this.cents : this.cents;
    const fraction = (magnitude % CENTS).toString().padStart(2, '0');
    return `${this.cents < 0n ? '-' : ''}${magnitude / CENTS}.${fraction}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

export class MalformedAmount extends DomainError {
  readonly code = 'malformed_amount';
  readonly kind = 'invalid';

  constructor() {
    super('An amount is a decimal string with two places, such as "-12.34".');
  }
}

export class AmountOutOfRange extends DomainError {
  readonly code = 'amount_out_of_range';
  readonly kind = 'invalid';

  constructor() {
    super('An amount lies within ±10,000,000,000,000.00.');
  }
}
