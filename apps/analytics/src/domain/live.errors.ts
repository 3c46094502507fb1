import { DomainError } from '@libs/kernel';

export class TooManyListeners extends DomainError {
  readonly code = 'too_many_listeners';
  readonly kind = 'too_many';
  override readonly retryAfter = 30;

  constructor() {
    super('As many live connections of this tenant as may are open at the moment; close one, or try again.');
  }
}
