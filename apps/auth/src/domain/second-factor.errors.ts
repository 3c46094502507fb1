import { DomainError } from '@libs/kernel';

/** Proving oneself by a code alone needs an authenticator of ours. */
export class NoAuthenticator extends DomainError {
  readonly code = 'no_authenticator';
  readonly kind = 'conflict';

  constructor() {
    super('You have no authenticator app here; prove yourself with your password.');
  }
}
