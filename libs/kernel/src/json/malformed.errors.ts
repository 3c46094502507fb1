import { DomainError, ErrorKind, FieldError } from '../domain-error';

/** A body that is not JSON we accept: `code` says why. */
export class MalformedBody extends DomainError {
  readonly kind = 'malformed';
  declare readonly errors?: FieldError[];

  constructor(
    readonly code: MalformedBodyCode,
    detail: string,
    path?: string,
  ) {
    super(detail);
    if (path !== undefined) this.errors = [{ path, code, message: detail }];
  }
}

export type MalformedBodyCode =
  | 'malformed_json'
  | 'malformed_utf8'
  | 'byte_order_mark'
  | 'malformed_encoding'
  | 'empty_body'
  | 'too_deep'
  | 'too_many_parts'
  | 'duplicate_key'
  | 'forbidden_key'
  | 'forbidden_character'
  | 'number_out_of_range';

/** More would only help somebody who makes us write long answers. */
export const MAX_ERRORS = 50;

/** A request whose shape the route's DTO refuses, by its first MAX_ERRORS problems; 422 where all are about meaning. */
export class InvalidRequest extends DomainError {
  readonly kind: ErrorKind;
  readonly code: string;
  override readonly errors: FieldError[];

  constructor(errors: FieldError[], meaningOnly: boolean) {
    const [first] = errors;
    const sameCode = first && errors.every((error) => error.code === first.code);
    super(
      errors.length === 1 && first
        ? first.path === ''
          ? first.message
          : `${first.path}: ${first.message}`
        : `${errors.length} parts of the request are wrong; see errors.`,
    );
    this.errors = errors.slice(0, MAX_ERRORS);
    this.kind = meaningOnly ? 'invalid' : 'malformed';
    this.code = sameCode ? first.code : 'malformed_request';
  }
}
