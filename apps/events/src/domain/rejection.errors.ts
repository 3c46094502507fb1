import { DomainError } from '@libs/kernel';

/** No rejected event of this id is kept for this tenant. */
export class RejectionNotFound extends DomainError {
  readonly code = 'rejected_event_not_found';
  readonly kind = 'not_found';

  constructor() {
    super('There is no such rejected event; they are kept for 30 days.');
  }
}

/** `from` is later than `to`. */
export class InvalidRejectionRange extends DomainError {
  readonly code = 'invalid_range';
  readonly kind = 'invalid';

  constructor() {
    super('`from` is later than `to`.');
  }
}

/** A replay says which events by their ids, or by what they have in common. */
export class AmbiguousReplay extends DomainError {
  readonly code = 'ambiguous_replay';
  readonly kind = 'invalid';

  constructor() {
    super('Send `ids`, or any of `code`, `from`, `to` and `cursor`; not both.');
  }
}

/** A message of the log that no collector or sink of ours would write. */
export class MalformedRejections extends DomainError {
  readonly code = 'malformed_rejections';
  readonly kind = 'malformed';

  constructor() {
    super('The payload is no list of rejected events of a tenant.');
  }
}
