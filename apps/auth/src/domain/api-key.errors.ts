import { DomainError } from '@libs/kernel';
import { RefusedField } from './auth.errors';

/** Another tenant's key is answered alike. */
export class ApiKeyNotFound extends DomainError {
  readonly code = 'api_key_not_found';
  readonly kind = 'not_found';

  constructor() {
    super('The tenant has no such API key.');
  }
}

/** Revoked, expired, or regenerated before: there is nothing to put another key in place of. */
export class ApiKeyNotLive extends DomainError {
  readonly code = 'api_key_not_live';
  readonly kind = 'conflict';

  constructor(state: 'revoked' | 'expired' | 'regenerated') {
    super(`This API key ${state === 'expired' ? 'has expired' : `was ${state}`}; make a new one.`);
  }
}

export class TooManyApiKeys extends DomainError {
  readonly code = 'too_many_api_keys';
  readonly kind = 'conflict';

  constructor(which: 'living' | 'revoked', most: number) {
    super(
      which === 'living'
        ? `A tenant has at most ${most} living API keys; revoke some.`
        : `A tenant revokes at most ${most} API keys in a week; make another one later.`,
    );
  }
}

/** Nobody gives a program more than they have themselves. */
export class ScopeNotYours extends DomainError {
  readonly code = 'scope_not_yours';
  readonly kind = 'forbidden';

  constructor(scopes: readonly string[]) {
    super(`You do not have what this key would be given: ${scopes.join(' ')}.`);
  }
}

export class UnknownScope extends RefusedField {
  readonly code = 'unknown_scope';

  constructor() {
    super('scopes', 'unknown_scope', 'A key has one or more of the scopes that keys may have.');
  }
}

export class UnknownApp extends RefusedField {
  readonly code = 'unknown_app';

  constructor() {
    super('appId', 'unknown_app', 'The tenant has no such application.');
  }
}

export class ExpiryNotAhead extends RefusedField {
  readonly code = 'expiry_not_ahead';

  constructor() {
    super('expiresAt', 'expiry_not_ahead', 'A key ends in the future.');
  }
}
