import { DomainError } from '@libs/kernel';

/** Redis is away, too slow or refuses to serve right now; the caller decides whether it can do without. */
export class StoreUnavailable extends DomainError {
  readonly code = 'store_unavailable';
  readonly kind = 'unavailable';
  override readonly retryAfter = 1;

  constructor(cause?: unknown) {
    super('the shared store is unavailable', { cause });
  }
}
