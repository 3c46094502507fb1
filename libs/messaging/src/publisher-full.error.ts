import { DomainError } from '@libs/kernel';

/** More waits to be published than we may hold: the log is away or slow. */
export class PublisherFull extends DomainError {
  readonly code = 'event_log_full';
  readonly kind = 'unavailable';
  override readonly retryAfter = 1;

  constructor() {
    super('The event log does not keep up; nothing more is taken now.');
  }
}

export const PUBLISHER_BYTES = 64 * 1024 * 1024;
