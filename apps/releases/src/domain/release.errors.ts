import { DomainError, ErrorKind, FieldError } from '@libs/kernel';

/** A refusal that one field of a release caused; `errors` names the field. */
abstract class FieldRefused extends DomainError {
  override readonly errors: FieldError[];

  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    path: string,
    message: string,
  ) {
    super(message);
    this.errors = [{ path, code, message }];
  }
}

export class MalformedDescription extends FieldRefused {
  constructor() {
    super(
      'malformed',
      'malformed_description',
      'description',
      'A description has 1 to 200 printable characters.',
    );
  }
}

export class ZeroAmount extends FieldRefused {
  constructor() {
    super(
      'invalid',
      'zero_amount',
      'amount',
      'A release is a credit (positive) or a debit (negative), never zero.',
    );
  }
}

export class AmountRefused extends FieldRefused {
  constructor(cause: DomainError) {
    super(cause.kind, cause.code, 'amount', cause.message);
  }
}

export class MalformedInstant extends FieldRefused {
  constructor(path: string) {
    super(
      'malformed',
      'malformed_instant',
      path,
      'An instant is written as RFC 3339 with an offset, such as "2026-11-22T09:00:00-03:00".',
    );
  }
}

export class OccurredAtOutOfRange extends FieldRefused {
  constructor(earliest: Date, latest: Date) {
    super(
      'invalid',
      'occurred_at_out_of_range',
      'occurredAt',
      `A release occurs between ${earliest.toISOString()} and ${latest.toISOString()}.`,
    );
  }
}

export class MalformedMetadata extends FieldRefused {
  constructor() {
    super(
      'malformed',
      'malformed_metadata',
      'metadata',
      'Metadata is a JSON object of well-formed Unicode text without NUL.',
    );
  }
}

export class MetadataTooLarge extends FieldRefused {
  constructor(maxBytes: number) {
    super('invalid', 'metadata_too_large', 'metadata', `Metadata takes at most ${maxBytes} bytes as JSON.`);
  }
}

export class ReleaseNotFound extends DomainError {
  readonly code = 'release_not_found';
  readonly kind = 'not_found';

  constructor() {
    super('No such release.');
  }
}

export class BatchSizeRefused extends DomainError {
  readonly code = 'batch_size';
  readonly kind = 'invalid';

  constructor(max: number) {
    super(`A batch carries 1 to ${max} releases.`);
  }
}

/** Every item of a batch was refused, so that there is nothing to accept; `errors` names each. */
export class NothingAccepted extends DomainError {
  readonly code = 'nothing_accepted';
  readonly kind = 'invalid';

  constructor(override readonly errors: FieldError[]) {
    super('No release of the batch is acceptable.');
  }
}

export class InvalidRange extends DomainError {
  readonly code = 'invalid_range';
  readonly kind = 'invalid';

  constructor() {
    super('`from` is not later than `to`.');
  }
}

export class UnknownTimeZone extends DomainError {
  readonly code = 'unknown_time_zone';
  readonly kind = 'invalid';

  constructor() {
    super('A time zone has an IANA name, such as America/Sao_Paulo.');
  }
}

/** Why a queued release will never be posted as it is; part of the contract, stable. */
export type RejectionReason = 'idempotency_key_reused' | 'invalid_data';
