import { DomainError, ErrorKind, FieldError } from '@libs/kernel';

/** Refusals of the HTTP edge itself; a context's own errors live in that context. */
abstract class EdgeError extends DomainError {
  readonly kind: ErrorKind = 'malformed';
  /** Where the kind's usual status is too coarse (413, 415). */
  readonly status?: number;
}

/** A malformed header, cursor or parameter. */
export class MalformedInput extends EdgeError {
  constructor(
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

export class UnsupportedContentEncoding extends EdgeError {
  readonly code = 'unsupported_content_encoding';
  override readonly status = 415;

  constructor(takesSome = false) {
    super(
      takesSome
        ? 'This route takes gzip, deflate and br, one of them, and no other Content-Encoding.'
        : 'Send the body as it is: a Content-Encoding is not supported on requests.',
    );
  }
}

export class UnsupportedMediaType extends EdgeError {
  readonly code = 'unsupported_media_type';
  override readonly status = 415;

  constructor() {
    super('This route takes application/json.');
  }
}

/** What a compressed body would grow to; the limit of what comes as it is is Fastify's. */
export class BodyTooLarge extends EdgeError {
  readonly code = 'body_too_large';
  override readonly status = 413;

  constructor() {
    super('The body is over the limit.');
  }
}

export class UnsupportedCharset extends EdgeError {
  readonly code = 'unsupported_charset';
  override readonly status = 415;

  constructor() {
    super('JSON is UTF-8; another charset is not supported.');
  }
}

/** The path exists, with other methods. */
export class MethodNotAllowed extends EdgeError {
  readonly code = 'method_not_allowed';
  override readonly status = 405;

  constructor(readonly allow: readonly string[]) {
    super(`This resource answers to ${allow.join(', ')}.`);
  }
}

export class RouteNotFound extends EdgeError {
  readonly code = 'route_not_found';
  override readonly kind = 'not_found';

  constructor() {
    super('No such resource.');
  }
}

export class TooManyRequests extends EdgeError {
  readonly code = 'rate_limited';
  override readonly kind = 'too_many';

  constructor(override readonly retryAfter: number) {
    super(`Too many requests; try again in ${retryAfter} s.`);
  }
}

export class IdempotencyKeyReused extends EdgeError {
  readonly code = 'idempotency_key_reused';
  override readonly kind = 'invalid';
  override readonly errors: FieldError[];

  constructor(key: string) {
    super(`The Idempotency-Key "${key}" was used before with another request.`);
    this.errors = [{ path: 'Idempotency-Key', code: this.code, message: this.message }];
  }
}

/** What was shown once was sealed with a secret that has changed since. */
export class IdempotentAnswerLost extends EdgeError {
  readonly code = 'idempotent_answer_lost';
  override readonly kind = 'conflict';

  constructor() {
    super('This request was carried out, and its answer cannot be shown again; look at what it made.');
  }
}

export class RequestInFlight extends EdgeError {
  readonly code = 'request_in_flight';
  override readonly kind = 'conflict';
  override readonly retryAfter = 1;

  constructor() {
    super('A request with this Idempotency-Key is still being worked on.');
  }
}
