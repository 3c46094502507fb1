import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptions } from '@nestjs/swagger';
import { ValidateBy, ValidateIf, ValidationOptions } from 'class-validator';

/** The wire form of money: two places, at most 14 digits before them. */
export const AMOUNT = /^-?(0|[1-9]\d{0,13})\.\d{2}$/;

// RFC 3339 with seconds; years of four digits; an offset or Z
const INSTANT =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const FIRST_INSTANT = Date.parse('0001-01-01T00:00:00.000Z');
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const METADATA_BYTES = 8 * 1024;

/**
 * Money as text, `"-12.34"`. A JSON number is 422 `amount_not_a_string`: it may have lost cents before it got here.
 * Other shapes are 422 `malformed_amount`.
 */
export function IsAmount(options: ApiPropertyOptions = {}): PropertyDecorator {
  return applyDecorators(
    // `pattern` lets the document and the generated clients say the same
    ApiProperty({
      type: String,
      pattern: AMOUNT.source,
      example: '-12.34',
      ...options,
    }),
    check(
      'amountText',
      'amount_not_a_string',
      (value) => typeof value !== 'number' && typeof value !== 'bigint',
      'must be a decimal string with two places, such as "-12.34", not a number',
      true,
    ),
    check(
      'amount',
      'malformed_amount',
      (value) =>
        typeof value === 'number' || (typeof value === 'string' && AMOUNT.test(value) && value !== '-0.00'),
      'must be a decimal string with two places, such as "-12.34"',
      true,
    ),
  );
}

/** A calendar day, `YYYY-MM-DD`. */
export function IsDay(options: ApiPropertyOptions = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, format: 'date', example: '2026-11-22', ...options }),
    check('day', 'malformed_date', isDay, 'must be a calendar day written YYYY-MM-DD'),
  );
}

/** An RFC 3339 time with its offset. */
export function IsInstant(options: ApiPropertyOptions = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({
      type: String,
      format: 'date-time',
      example: '2026-11-22T12:00:00.000Z',
      ...options,
    }),
    check(
      'instant',
      'malformed_instant',
      isInstant,
      'must be an RFC 3339 time such as 2026-11-22T12:00:00.000Z',
    ),
  );
}

/** Text of `min` to `max` characters (code points), not only blanks, without control characters. */
export function IsText({
  min = 1,
  max,
  ...options
}: { min?: number; max: number } & ApiPropertyOptions): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: String, minLength: min, maxLength: max, ...options }),
    check(
      'text',
      undefined,
      (value) => typeof value === 'string' && isPlainText(value, min, max),
      `must be text of ${min} to ${max} characters without control characters`,
    ),
  );
}

/** A JSON object of the caller's own, at most 8 KiB. */
export function IsMetadata(options: ApiPropertyOptions = {}): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: Object, additionalProperties: true, ...options }),
    check(
      'metadata',
      'malformed_metadata',
      (value) =>
        typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        Buffer.byteLength(JSON.stringify(value)) <= METADATA_BYTES,
      `must be a JSON object of at most ${METADATA_BYTES} bytes`,
    ),
  );
}

/** May be left out, but not null: class-validator's own IsOptional lets null through. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_object: object, value: unknown) => value !== undefined);
}

/** A check of one's own with a stable code. `meaning`: a breach is 422, not 400. */
export function check(
  name: string,
  code: string | undefined,
  accepts: (value: unknown) => boolean,
  message: string,
  meaning = false,
): PropertyDecorator {
  const options: ValidationOptions = { message: `$property ${message}`, context: { code, meaning } };
  return ValidateBy({ name, validator: { validate: accepts } }, options);
}

/** By arithmetic: this is on the accept path, and a Date costs more than the rest of the check. */
export function isDay(value: unknown): value is string {
  const match = typeof value === 'string' ? DAY.exec(value) : null;
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = month === 2 && leap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
  // PostgreSQL has no year 0
  return year > 0 && day >= 1 && day <= last;
}

export function isInstant(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const match = INSTANT.exec(value);
  if (match === null || !isDay(match[1])) return false;
  // An offset may carry the first or the last day into a year that neither RFC 3339 nor PostgreSQL has.
  const at = Date.parse(value);
  return at >= FIRST_INSTANT && at <= LAST_INSTANT;
}

function isPlainText(value: string, min: number, max: number): boolean {
  if (value.length > max * 2 || (min > 0 && value.trim() === '')) return false;
  if (/\p{Cc}/u.test(value)) return false;
  const length = [...value].length;
  return length >= min && length <= max;
}
