const TYPE_NAME = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/;
const MAX_LENGTH = 64;

/** Whether this can be the name of a type of events: snake_case, at most 64 characters. */
export function isTypeName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_LENGTH && TYPE_NAME.test(value);
}
