const TYPE_NAME = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/;
const MAX_LENGTH = 64;
// A type is never masked: a CPF or phone number must not get into one.
const LONG_NUMBER = /\d{6}/;

/** Whether this can be the name of a type of events: snake_case, at most 64 characters, no six digits in a row. */
export function isTypeName(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= MAX_LENGTH &&
    TYPE_NAME.test(value) &&
    !LONG_NUMBER.test(value)
  );
}
