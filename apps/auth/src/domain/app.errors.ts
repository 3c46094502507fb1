import { DomainError } from '@libs/kernel';

export class AppNotFound extends DomainError {
  readonly code = 'app_not_found';
  readonly kind = 'not_found';

  constructor() {
    super('The tenant has no such application.');
  }
}

export class AppNameTaken extends DomainError {
  readonly code = 'app_name_taken';
  readonly kind = 'conflict';

  constructor() {
    super('Another application of the tenant has this name.');
  }
}

export class TooManyApps extends DomainError {
  readonly code = 'too_many_apps';
  readonly kind = 'conflict';

  constructor(most: number) {
    super(`A tenant has at most ${most} applications.`);
  }
}
