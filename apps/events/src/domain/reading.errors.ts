import { DomainError } from '@libs/kernel';

export class NotificationNotFound extends DomainError {
  readonly code = 'notification_not_found';
  readonly kind = 'not_found';

  constructor() {
    super('No such notification.');
  }
}

export class InsightNotFound extends DomainError {
  readonly code = 'insight_not_found';
  readonly kind = 'not_found';

  constructor() {
    super('No such insight.');
  }
}

export class InvalidRange extends DomainError {
  readonly code = 'invalid_range';
  readonly kind = 'invalid';

  constructor() {
    super('`from` is not later than `to`.');
  }
}

/** By a property only so much time is gone through at once. */
export class RangeTooWide extends DomainError {
  readonly code = 'range_too_wide';
  readonly kind = 'invalid';

  constructor(days: number) {
    super(`By a property, \`from\` and \`to\` are at most ${days} days apart.`);
  }
}
