import { DomainError } from '@libs/kernel';

/** The identity belongs to another user of ours, or this user is already somebody else to that provider. */
export class IdentityLinkedElsewhere extends DomainError {
  readonly code = 'identity_linked_elsewhere';
  readonly kind = 'conflict';

  constructor() {
    super('This identity and this account are not linked to each other, and one of them is linked already.');
  }
}

/** The provider's own part of this session is over; the same code as the guard's, since the same step mends it. */
export class ProviderProofNeeded extends DomainError {
  readonly code = 'step_up_required';
  readonly kind = 'forbidden';

  constructor() {
    super('Prove again who you are (POST /auth/step-up), then repeat this.');
  }
}

/** The answer to SELECT_MFA_TYPE is none of the options. */
export class UnknownChoice extends DomainError {
  readonly code = 'unknown_choice';
  readonly kind = 'invalid';

  constructor() {
    super('Choose one of the options that the challenge names.');
  }
}
