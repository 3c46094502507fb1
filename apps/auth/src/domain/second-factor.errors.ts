import { DomainError } from '@libs/kernel';

/** A tenant of the person asks for a second factor: to come in, to stay in, and to keep one. */
export class SecondFactorRequired extends DomainError {
  readonly code = 'second_factor_required';

  constructor(readonly kind: 'forbidden' | 'unauthenticated' | 'conflict') {
    super(REQUIRED[kind]);
  }
}

const REQUIRED = {
  forbidden: 'This tenant asks for a second factor: enrol one at your identity provider, then sign in again.',
  unauthenticated: 'This tenant asks for a second factor by now; sign in again.',
  conflict:
    'A tenant of yours asks for a second factor: replace the authenticator, or leave that tenant first.',
};

/** Who makes others have a second factor has one. */
export class SecondFactorMissing extends DomainError {
  readonly code = 'second_factor_missing';
  readonly kind = 'invalid';

  constructor() {
    super('Enrol a second factor of your own first (POST /auth/mfa/totp).');
  }
}

/** Proving oneself by a code alone needs an authenticator of ours. */
export class NoAuthenticator extends DomainError {
  readonly code = 'no_authenticator';
  readonly kind = 'conflict';

  constructor() {
    super('You have no authenticator app here; prove yourself with your password.');
  }
}
