import { DomainError, FieldError } from '@libs/kernel';

/** One answer for an unknown account and for a wrong password. */
export class InvalidCredentials extends DomainError {
  readonly code = 'invalid_credentials';
  readonly kind = 'unauthenticated';

  constructor() {
    super('The e-mail or the password is wrong.');
  }
}

export class EmailTaken extends DomainError {
  readonly code = 'email_taken';
  readonly kind = 'conflict';

  constructor() {
    super('This e-mail already belongs to a user.');
  }
}

export class SubdomainTaken extends DomainError {
  readonly code = 'subdomain_taken';
  readonly kind = 'conflict';

  constructor() {
    super('This subdomain already belongs to a tenant.');
  }
}

/** A field whose form is right and whose content the domain refuses. */
export abstract class RefusedField extends DomainError {
  readonly kind = 'invalid';
  override readonly errors: FieldError[];

  protected constructor(path: string, code: string, message: string) {
    super(message);
    this.errors = [{ path, code, message }];
  }
}

export class MalformedEmail extends RefusedField {
  readonly code = 'malformed_email';

  constructor() {
    super('email', 'malformed_email', 'This is not an e-mail address.');
  }
}

export class WeakPassword extends RefusedField {
  readonly code = 'weak_password';

  constructor(
    reason: 'password_too_short' | 'password_too_long' | 'password_too_common' | 'password_refused',
    message: string,
  ) {
    super('password', reason, message);
  }
}

export class InvalidSubdomain extends RefusedField {
  readonly code = 'invalid_subdomain';

  constructor() {
    super(
      'tenant.subdomain',
      'invalid_subdomain',
      'A subdomain has 3 to 40 letters a–z, digits and inner hyphens, and starts with a letter.',
    );
  }
}

export class ReservedSubdomain extends RefusedField {
  readonly code = 'reserved_subdomain';

  constructor() {
    super('tenant.subdomain', 'reserved_subdomain', 'This subdomain is reserved.');
  }
}

export class BlankName extends RefusedField {
  readonly code = 'blank_name';

  constructor(path: string) {
    super(path, 'blank_name', 'A name has 1 to 120 visible characters.');
  }
}

/** The password was right; the person belongs to several tenants and did not say which. */
export class TenantRequired extends RefusedField {
  readonly code = 'tenant_required';

  constructor() {
    super('tenant', 'tenant_required', 'You belong to several tenants: name the subdomain of one.');
  }
}

/** The same whether or not the named tenant exists. */
export class NotAMember extends DomainError {
  readonly code = 'not_a_member';
  readonly kind = 'forbidden';

  constructor() {
    super('You are not a member of this tenant.');
  }
}

export class TenantSuspended extends DomainError {
  readonly code = 'tenant_suspended';
  readonly kind = 'forbidden';

  constructor() {
    super('This tenant is suspended.');
  }
}

export class InvalidRefreshToken extends DomainError {
  readonly code = 'invalid_refresh_token';
  readonly kind = 'unauthenticated';

  constructor() {
    super('The refresh token is not valid; sign in again.');
  }
}

/** A spent token came back: it was stolen, or its thief came first. The whole session has ended. */
export class RefreshTokenReused extends DomainError {
  readonly code = 'refresh_token_reused';
  readonly kind = 'unauthenticated';

  constructor() {
    super('The refresh token was used before, so its session was ended; sign in again.');
  }
}

export class SessionNotFound extends DomainError {
  readonly code = 'session_not_found';
  readonly kind = 'not_found';

  constructor() {
    super('You have no such session.');
  }
}

/** Password checks cost memory and time on purpose; more are waiting than should. */
export class PasswordChecksBusy extends DomainError {
  readonly code = 'password_checks_busy';
  readonly kind = 'unavailable';
  override readonly retryAfter = 1;

  constructor() {
    super('Too many people are signing in at this moment; try again.');
  }
}

/** The code is wrong, and another try is possible. */
export class WrongCode extends DomainError {
  readonly code = 'wrong_code';
  readonly kind = 'unauthenticated';

  constructor() {
    super('The code is wrong; try again with a fresh one.');
  }
}

/** Unknown, used up, answered before, or older than 300 s: one answer for all of them. */
export class ChallengeEnded extends DomainError {
  readonly code = 'challenge_ended';
  readonly kind = 'unauthenticated';

  constructor() {
    super('This challenge has ended; sign in again.');
  }
}

/** A sign-up or reset code that does not fit, whether or not the account exists. */
export class ConfirmationFailed extends DomainError {
  readonly code = 'confirmation_failed';
  readonly kind = 'invalid';

  constructor() {
    super('The code is wrong or has expired; ask for another.');
  }
}

export class EmailNotConfirmed extends DomainError {
  readonly code = 'email_not_confirmed';
  readonly kind = 'forbidden';

  constructor() {
    super('Confirm your e-mail first (POST /auth/confirm).');
  }
}

export class PasswordResetRequired extends DomainError {
  readonly code = 'password_reset_required';
  readonly kind = 'forbidden';

  constructor() {
    super('Your password must be reset (POST /auth/password/forgot).');
  }
}

export class NoTotpEnrolment extends DomainError {
  readonly code = 'no_totp_enrolment';
  readonly kind = 'conflict';

  constructor() {
    super('No authenticator app is being enrolled; start with POST /auth/mfa/totp.');
  }
}

/** The identity provider limits how often something may be tried. */
export class TooManyAttempts extends DomainError {
  readonly code = 'too_many_attempts';
  readonly kind = 'too_many';
  override readonly retryAfter = 60;

  constructor() {
    super('Too many attempts; wait a while.');
  }
}

export class IdentityProviderUnavailable extends DomainError {
  readonly code = 'identity_provider_unavailable';
  readonly kind = 'unavailable';
  override readonly retryAfter = 2;

  constructor(cause?: unknown) {
    super('Sign-in is not possible at the moment; try again.', { cause });
  }
}

export class MailUnavailable extends DomainError {
  readonly code = 'mail_unavailable';
  readonly kind = 'unavailable';
  override readonly retryAfter = 5;

  constructor(cause?: unknown) {
    super('The e-mail could not be sent at the moment; try again.', { cause });
  }
}
