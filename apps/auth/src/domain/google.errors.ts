import { DomainError, FieldError } from '@libs/kernel';

export class GoogleNotConfigured extends DomainError {
  readonly code = 'google_not_configured';
  readonly kind = 'not_found';

  constructor() {
    super('Sign-in with Google is not set up here.');
  }
}

/** The page to come back to is none of ours, nor of a tenant's, or may not be used for this. */
export class ReturnAddressRefused extends DomainError {
  readonly code = 'return_to_refused';
  readonly kind = 'invalid';
  override readonly errors: FieldError[];

  constructor() {
    super('`returnTo` is a page at an origin that is registered for this.');
    this.errors = [{ path: 'returnTo', code: this.code, message: this.message }];
  }
}

/** Unknown, used before, older than ten minutes, or begun in another browser: one answer for all of them. */
export class GoogleStateUnknown extends DomainError {
  readonly code = 'google_state_unknown';
  readonly kind = 'malformed';

  constructor() {
    super('This sign-in was not begun in this browser, or too long ago; begin again.');
  }
}

/** Google said no, or what it said does not hold. */
export class GoogleSignInRefused extends DomainError {
  readonly kind = 'unauthenticated';

  constructor(
    readonly code: 'access_denied' | 'google_sign_in_refused',
    cause?: unknown,
  ) {
    super('Google did not confirm who you are; begin again.', { cause });
  }
}

/** Unknown, used, too old, or presented by somebody else than who began. */
export class GoogleCodeInvalid extends DomainError {
  readonly code = 'invalid_google_code';
  readonly kind = 'unauthenticated';

  constructor() {
    super('The code is not valid; begin the sign-in again.');
  }
}

/** An e-mail is no proof of being the same person: linking takes a sign-in. */
export class AccountExists extends DomainError {
  readonly code = 'account_exists';
  readonly kind = 'conflict';

  constructor() {
    super('This e-mail has an account already: sign in to it, then link Google (POST /auth/google/link).');
  }
}

/** Google knows nothing of the second factor that the person has elsewhere. */
export class GoogleLinkUnavailable extends DomainError {
  readonly code = 'google_link_unavailable';
  readonly kind = 'conflict';

  constructor() {
    super('This account is proven by another provider, whose second factor Google would pass by.');
  }
}

/** Linked at a time when that could be; not a way in any more. */
export class GoogleSignInUnavailable extends DomainError {
  readonly code = 'google_sign_in_unavailable';
  readonly kind = 'forbidden';

  constructor() {
    super('This account is proven by another provider: sign in with your password.');
  }
}

export class GoogleNotLinked extends DomainError {
  readonly code = 'google_not_linked';
  readonly kind = 'not_found';

  constructor() {
    super('No Google account is linked to this account.');
  }
}

/** Nobody locks themselves out. */
export class OnlyWayIn extends DomainError {
  readonly code = 'only_way_in';
  readonly kind = 'conflict';

  constructor() {
    super('You sign in by Google alone: choose a password first (POST /auth/password/forgot).');
  }
}

export class EmailNotVerified extends DomainError {
  readonly code = 'email_not_verified';
  readonly kind = 'forbidden';

  constructor() {
    super('Google has not verified the e-mail of this account, so nobody can be registered by it.');
  }
}

/** Somebody new, who said neither which company to found nor which invitation to take up. */
export class RegistrationNeeded extends DomainError {
  readonly code = 'registration_needed';
  readonly kind = 'invalid';

  constructor() {
    super('You have no account yet: send the same code with `newTenant`, or with the `invitation` you have.');
  }
}
