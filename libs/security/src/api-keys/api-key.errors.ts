import { DomainError } from '@libs/kernel';

/** Not a key, or none that we know: one answer for both. */
export class InvalidApiKey extends DomainError {
  readonly code = 'invalid_api_key';
  readonly kind = 'unauthenticated';

  constructor(readonly reason: string) {
    super('The API key is not valid.');
  }
}

/** Only who has the whole key learns this. */
export class ExpiredApiKey extends DomainError {
  readonly code = 'expired_api_key';
  readonly kind = 'unauthenticated';

  constructor() {
    super('The API key has expired; make a new one.');
  }
}

/** Only who has the whole key learns this. */
export class RevokedApiKey extends DomainError {
  readonly code = 'revoked_api_key';
  readonly kind = 'unauthenticated';

  constructor() {
    super('The API key was revoked.');
  }
}

/** RFC 6750 section 2: one request, one credential; which of two would count is for nobody to guess. */
export class AmbiguousCredentials extends DomainError {
  readonly code = 'ambiguous_credentials';
  readonly kind = 'malformed';

  constructor() {
    super('Send one credential: "Authorization", "X-API-Key" or, where it may come so, "?key=".');
  }
}

/** In a URL, where everybody reads it, stood a key that may do more than write. */
export class NotAWriteKey extends DomainError {
  readonly code = 'not_a_write_key';
  readonly kind = 'forbidden';

  constructor(scopes: readonly string[]) {
    super(
      `A key in the URL is public: it must have the scope ${scopes.join(' ')} and no other. Revoke this one if pages show it.`,
    );
  }
}
