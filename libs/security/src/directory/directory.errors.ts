import { DomainError } from '@libs/kernel';

/** A token or key at a host that is not its tenant's, or a host that is nobody's. */
export class WrongHost extends DomainError {
  readonly code = 'wrong_host';
  readonly kind = 'forbidden';

  constructor() {
    super('This host is not for this tenant: use the tenant’s own host or api.<domain of the platform>.');
  }
}

/** Whoever comes for this tenant, with whatever credential. */
export class TenantIsSuspended extends DomainError {
  readonly code = 'tenant_suspended';
  readonly kind = 'forbidden';

  constructor() {
    super('This tenant is suspended.');
  }
}
