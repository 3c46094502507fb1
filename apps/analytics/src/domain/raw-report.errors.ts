import { DomainError } from '@libs/kernel';

/** What was asked for takes longer to read than a question may. */
export class ReportTooHeavy extends DomainError {
  readonly code = 'report_too_heavy';
  readonly kind = 'invalid';

  constructor(seconds: number) {
    super(`This takes longer than ${seconds} s to read from the raw events: ask about less time.`);
  }
}

/** What was asked for is not made beforehand, and too much to be made of quarters of an hour at once. */
export class TooMuchToUnite extends DomainError {
  readonly code = 'report_too_heavy';
  readonly kind = 'invalid';

  constructor() {
    super(
      'Too much of this time would be read by quarters of an hour: ask about less time, or in the time zone of the tenant; days that late events changed are made again within the hour.',
    );
  }
}

/** Every place for questions that read much is taken, and enough wait for one. */
export class TooManyReports extends DomainError {
  readonly code = 'too_many_reports';
  readonly kind = 'unavailable';
  override readonly retryAfter = 2;

  constructor() {
    super('Too many large reports are being made at the moment; try again.');
  }
}

/** The application has no event of that person's. */
export class PersonUnknown extends DomainError {
  readonly code = 'user_unknown';
  readonly kind = 'not_found';

  constructor() {
    super('The application has no events of such a user.');
  }
}

export class TooManyExports extends DomainError {
  readonly code = 'too_many_exports';
  readonly kind = 'too_many';
  override readonly retryAfter = 30;

  constructor() {
    super('As many exports as may are being read at the moment; try again once one has ended.');
  }
}

/** Who may not administer the tenant gets events without whose they are. */
export class IdentitiesNotAllowed extends DomainError {
  readonly code = 'identities_not_allowed';
  readonly kind = 'forbidden';

  constructor() {
    super('An export with the ids of persons is for people with the scope tenant:write.');
  }
}

/** Whoever reads it is too slow; it breaks off. */
export class ExportTooLong extends DomainError {
  readonly code = 'export_too_long';
  readonly kind = 'unavailable';

  constructor() {
    super('The export was not read within an hour.');
  }
}
