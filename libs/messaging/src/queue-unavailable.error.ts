import { DomainError } from '@libs/kernel';

/** The queue did not take a message: it is away, or more waits to be sent than we may hold. */
export class QueueUnavailable extends DomainError {
  readonly code = 'queue_unavailable';
  readonly kind = 'unavailable';
  override readonly retryAfter = 1;

  constructor(detail: string, cause?: unknown) {
    super(`The queue does not take messages now: ${detail}`, { cause });
  }
}
