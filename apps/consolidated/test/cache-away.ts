import { DomainError } from '@libs/kernel';

export class CacheAway extends DomainError {
  readonly code = 'store_unavailable';
  readonly kind = 'unavailable';
}
