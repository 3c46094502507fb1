import { DomainError } from '@libs/kernel';

export class InvalidPeriod extends DomainError {
  readonly code = 'invalid_period';
  readonly kind = 'invalid';

  constructor(why: string) {
    super(why);
  }
}

export class PeriodTooLong extends DomainError {
  readonly code = 'period_too_long';
  readonly kind = 'invalid';

  constructor(days: number, what = 'A report') {
    super(`${what} is about at most ${days} days.`);
  }
}
