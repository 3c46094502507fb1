import { Refusal } from './refusal';

const WRONG_TYPE = new Refusal('wrong_type', 'must be a number or a decimal string');
const MALFORMED = new Refusal('malformed_amount', 'must be a decimal with at most two places, such as 150.5');
const NOT_POSITIVE = new Refusal('amount_not_positive', 'must be more than zero');
const NEGATIVE = new Refusal('amount_negative', 'must not be less than zero');
const OUT_OF_RANGE = new Refusal('amount_out_of_range', 'must be at most 10,000,000,000,000.00');

const DECIMAL = /^-?(0|[1-9]\d*)(?:\.(\d{1,2}))?$/;
const MAX_DIGITS = 13;
const MAX = '10000000000000.00';

/**
 * Reads an amount of reais as an exact string with two places. A number is taken by its shortest spelling: up to 15 digits it is
 * what the client wrote, and the largest amount (that of Money) has no more of them. 0.1 + 0.2 is refused, not rounded.
 */
export function readAmount(value: unknown, zero: boolean): string | Refusal {
  if (typeof value !== 'number' && typeof value !== 'string') return WRONG_TYPE;
  if (typeof value === 'string' && value.length > 32) return MALFORMED;
  const match = DECIMAL.exec(typeof value === 'number' ? String(value) : value);
  if (match === null) return MALFORMED;
  const [whole, units = '', cents = ''] = match;
  const exact = `${units}.${cents.padEnd(2, '0')}`;
  if (exact === '0.00') return zero ? exact : NOT_POSITIVE;
  if (whole.startsWith('-')) return zero ? NEGATIVE : NOT_POSITIVE;
  return units.length <= MAX_DIGITS || exact === MAX ? exact : OUT_OF_RANGE;
}
