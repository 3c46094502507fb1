import { DomainError } from '@libs/kernel';

/** No credential, or none in a form we know. */
export class NotAuthenticated extends DomainError {
  readonly code = 'not_authenticated';
  readonly kind = 'unauthenticated';

  constructor() {
    super('This route needs "Authorization: Bearer <access token>" or, where it says so, "X-API-Key".');
  }
}

/** One answer for every forgery: which check failed is for the log alone. */
export class InvalidToken extends DomainError {
  readonly code = 'invalid_token';
  readonly kind = 'unauthenticated';

  constructor(readonly reason: string) {
    super('The access token is not valid.');
  }
}

export class ExpiredToken extends DomainError {
  readonly code = 'expired_token';
  readonly kind = 'unauthenticated';

  constructor() {
    super('The access token has expired; refresh it.');
  }
}

export class RevokedToken extends DomainError {
  readonly code = 'revoked_token';
  readonly kind = 'unauthenticated';

  constructor() {
    super('The session of this access token has ended; sign in again.');
  }
}

export class InsufficientScope extends DomainError {
  readonly code = 'insufficient_scope';
  readonly kind = 'forbidden';

  constructor(scopes: readonly string[]) {
    super(`This route needs the scope ${scopes.join(' ')}.`);
  }
}

/** The route says neither @Authorize nor @Public: nobody may pass. */
export class AccessNotDeclared extends DomainError {
  readonly code = 'access_not_declared';
  readonly kind = 'forbidden';

  constructor() {
    super('This route does not say who may use it.');
  }
}

/** The public keys were never seen, or the key of this token is unknown and auth does not answer. */
export class KeysUnavailable extends DomainError {
  readonly code = 'keys_unavailable';
  readonly kind = 'unavailable';
  override readonly retryAfter = 1;

  constructor(cause?: unknown) {
    super('Tokens cannot be verified at the moment.', { cause });
  }
}

/** A money route, and whether the session has ended is not known freshly enough. */
export class RevocationUnknown extends DomainError {
  readonly code = 'revocation_unknown';
  readonly kind = 'unavailable';
  override readonly retryAfter = 1;

  constructor() {
    super('Whether this session still stands cannot be told at the moment.');
  }
}

/** RFC 9470: the person is known, and must prove themselves again before this. */
export class StepUpRequired extends DomainError {
  readonly code = 'step_up_required';
  readonly kind = 'forbidden';

  constructor(readonly maxAgeSeconds: number) {
    super('Prove who you are again (POST /auth/step-up), then repeat this with the new token.');
  }
}

/** A key on a route that only people may use; whose it is was not looked up. */
export class PersonRequired extends DomainError {
  readonly code = 'person_required';
  readonly kind = 'forbidden';

  constructor() {
    super('This route is for people: it takes an access token, not an API key.');
  }
}
