import { DomainError } from '@libs/kernel';
import { RefusedField } from './auth.errors';

/** Unknown, accepted, withdrawn or outdated: one answer for all of them. */
export class InvitationNotFound extends DomainError {
  readonly code = 'invitation_not_found';
  readonly kind = 'not_found';

  constructor() {
    super('There is no such invitation any more; ask for another.');
  }
}

/** The signed-in person is not whom the invitation was sent to. */
export class InvitationForAnother extends DomainError {
  readonly code = 'invitation_for_another';
  readonly kind = 'forbidden';

  constructor() {
    super('This invitation was sent to another e-mail address than yours.');
  }
}

export class AlreadyAMember extends DomainError {
  readonly code = 'already_a_member';
  readonly kind = 'conflict';

  constructor() {
    super('This person is a member already.');
  }
}

export class MemberNotFound extends DomainError {
  readonly code = 'member_not_found';
  readonly kind = 'not_found';

  constructor() {
    super('This tenant has no such member.');
  }
}

export class LastOwner extends DomainError {
  readonly code = 'last_owner';
  readonly kind = 'conflict';

  constructor() {
    super('A tenant keeps at least one owner: make another member an owner first.');
  }
}

export class OwnerRequired extends DomainError {
  readonly code = 'owner_required';
  readonly kind = 'forbidden';

  constructor() {
    super('Only an owner makes, changes, signs out or removes owners.');
  }
}

export class InvalidDomain extends RefusedField {
  readonly code = 'invalid_domain';

  constructor() {
    super(
      'domain',
      'invalid_domain',
      'A domain is a full host name of your own, such as pay.company.com.br.',
    );
  }
}

export class TooManyDomains extends DomainError {
  readonly code = 'too_many_domains';
  readonly kind = 'conflict';

  constructor(most: number) {
    super(`A tenant has at most ${most} domains; remove one first.`);
  }
}

export class DomainNotFound extends DomainError {
  readonly code = 'domain_not_found';
  readonly kind = 'not_found';

  constructor() {
    super('This tenant has no such domain.');
  }
}

export class DomainNotProven extends DomainError {
  readonly code = 'domain_not_proven';
  readonly kind = 'conflict';

  constructor(record: string) {
    super(`DNS does not show the proof yet: a TXT record of ${record}. Changes of DNS may take hours.`);
  }
}

/** Said only to who proved the domain: it tells that another tenant has it. */
export class DomainTaken extends DomainError {
  readonly code = 'domain_taken';
  readonly kind = 'conflict';

  constructor() {
    super('Another tenant uses this domain; it must be removed there first.');
  }
}

export class DnsUnavailable extends DomainError {
  readonly code = 'dns_unavailable';
  readonly kind = 'unavailable';
  override readonly retryAfter = 10;

  constructor(cause?: unknown) {
    super('DNS does not answer at the moment; try again.', { cause });
  }
}

export class UnknownTimeZone extends RefusedField {
  readonly code = 'unknown_time_zone';

  constructor() {
    super('timeZone', 'unknown_time_zone', 'A time zone has an IANA name, such as America/Sao_Paulo.');
  }
}

export class InvalidOrigin extends RefusedField {
  readonly code = 'invalid_origin';

  constructor() {
    super(
      'origins',
      'invalid_origin',
      'An origin is https:// and a host, without a path: https://app.company.com.br; http:// for this machine only.',
    );
  }
}

export class NegativeNightLimit extends RefusedField {
  readonly code = 'negative_night_limit';

  constructor() {
    super('nightLimit', 'negative_night_limit', 'A limit is not below zero.');
  }
}

/** For operators: nobody else names tenants. */
export class TenantNotFound extends DomainError {
  readonly code = 'tenant_not_found';
  readonly kind = 'not_found';

  constructor(subdomain: string) {
    super(`There is no tenant with the subdomain ${subdomain}.`);
  }
}
