import { DomainError } from '@libs/kernel';

/** Auth tells of a tenant's default application right after the tenant itself. */
export class ApplicationUnknown extends DomainError {
  readonly code = 'application_unknown';
  readonly kind = 'unavailable';
  override readonly retryAfter = 1;

  constructor() {
    super("The tenant's default application is not known here yet; name one by `appId`, or ask again.");
  }
}

/** An API key reads what its own application has, and no other. */
export class WrongApp extends DomainError {
  readonly code = 'wrong_app';
  readonly kind = 'forbidden';

  constructor() {
    super('This API key is of another application.');
  }
}
