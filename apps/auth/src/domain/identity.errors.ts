import { DomainError } from '@libs/kernel';

/** The identity belongs to another user of ours, or this user is already somebody else to that provider. */
export class IdentityLinkedElsewhere extends DomainError {
  readonly code = 'identity_linked_elsewhere';
  readonly kind = 'conflict';

  constructor() {
    super('This identity and this account are not linked to each other, and one of them is linked already.');
  }
}
