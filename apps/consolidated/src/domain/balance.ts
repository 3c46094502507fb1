import { Money } from '@libs/kernel';

const CENTS = 100n;

/**
 * A sum of many amounts, in whole cents. A Money ends at ±10^15 cents because one release does; the total of a
 * tenant's releases has no such end, so a Balance has none either.
 */
export class Balance {
  static readonly ZERO = new Balance(0n);

  private constructor(readonly cents: bigint) {}

  /** From whole cents, such as the text of a PostgreSQL `numeric`. @throws SyntaxError for anything else */
  static fromCents(cents: bigint | string): Balance {
    return new Balance(BigInt(cents));
  }

  plus(other: Balance | Money): Balance {
    return new Balance(this.cents + other.cents);
  }

  minus(other: Balance | Money): Balance {
    return new Balance(this.cents - other.cents);
  }

  equals(other: Balance): boolean {
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
