import { DomainError } from '@libs/kernel';

export class ErasureNotFound extends DomainError {
  readonly code = 'erasure_not_found';
  readonly kind = 'not_found';

  constructor() {
    super('No such erasure.');
  }
}

/** A message asks for an erasure that cannot be. */
export class ImpossibleErasure extends DomainError {
  readonly code = 'impossible_erasure';
  readonly kind = 'invalid';
}
