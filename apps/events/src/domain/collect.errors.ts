import { DomainError } from '@libs/kernel';

/** One tenant's share of what may wait for the log is full: nothing of the request was taken. */
export class EventLogFull extends DomainError {
  readonly code = 'event_log_full';
  readonly kind = 'unavailable';
  override readonly retryAfter = 1;

  constructor() {
    super('Too many of your events wait for the log; send these again later.');
  }
}

/** The log failed or does not answer: it has perhaps none of the request's events, some or all. */
export class EventLogUnavailable extends DomainError {
  readonly code = 'event_log_unavailable';
  readonly kind = 'unavailable';
  override readonly retryAfter = 2;

  constructor(cause?: unknown) {
    super('The event log does not answer; send the same events again later: none will count twice.', {
      cause,
    });
  }
}

/** A tenant so young that its applications are not known here yet. */
export class ApplicationUnknown extends DomainError {
  readonly code = 'application_unknown';
  readonly kind = 'unavailable';
  override readonly retryAfter = 1;

  constructor() {
    super('Your company was made a moment ago and is not known here yet; try again.');
  }
}

/** Too many events in one request, or none. */
export class EventBatchSize extends DomainError {
  readonly code = 'batch_size';
  readonly kind = 'invalid';

  constructor(most: number) {
    super(`A batch carries 1 to ${most} events.`);
    this.errors = [{ path: 'events', code: this.code, message: this.message }];
  }

  override readonly errors;
}

/** A single event that is larger than one may be. */
export class EventTooLarge extends DomainError {
  readonly code = 'event_too_large';
  readonly kind = 'malformed';
  readonly status = 413;

  constructor(most: number) {
    super(`One event has at most ${most / 1024} KiB.`);
  }
}
