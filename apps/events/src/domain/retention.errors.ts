import { DomainError } from '@libs/kernel';

export class InvalidRetention extends DomainError {
  readonly code = 'invalid_retention';
  readonly kind = 'invalid';
}
