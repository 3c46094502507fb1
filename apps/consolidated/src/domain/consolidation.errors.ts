import { DomainError } from '@libs/kernel';

/** A fact about a release that cannot be part of any consolidation. */
export class ImpossibleEntry extends DomainError {
  readonly code = 'impossible_entry';
  readonly kind = 'invalid';
}

/** A tenant's settings that no calendar can work with. */
export class ImpossibleTenant extends DomainError {
  readonly code = 'impossible_tenant';
  readonly kind = 'invalid';
}

export class TenantSuspended extends DomainError {
  readonly code = 'tenant_suspended';
  readonly kind = 'forbidden';

  constructor() {
    super('This company is suspended.');
  }
}

export class RangeReversed extends DomainError {
  readonly code = 'range_reversed';
  readonly kind = 'invalid';

  constructor() {
    super('The range ends before it begins.');
  }
}

export class RangeTooLong extends DomainError {
  readonly code = 'range_too_long';
  readonly kind = 'invalid';

  constructor(maxDays: number) {
    super(`A range covers at most ${maxDays} days.`);
  }
}
