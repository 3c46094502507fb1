/** What went wrong, in terms no transport owns; libs/http turns a kind into a status, once. */
export type ErrorKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'invalid'
  | 'too_many'
  | 'unavailable';

/** One offending part of an input. `path` is dotted, `releases.3.amount`. */
export interface FieldError {
  path: string;
  code: string;
  message: string;
}

/** The base of every expected failure: a stable snake_case `code`, a `kind`, and a sentence for a person. */
export abstract class DomainError extends Error {
  abstract readonly code: string;
  abstract readonly kind: ErrorKind;
  readonly errors?: FieldError[];
  /** Seconds after which a retry makes sense; becomes `Retry-After`. */
  readonly retryAfter?: number;

  override get name(): string {
    return this.constructor.name;
  }
}
