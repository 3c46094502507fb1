import { TenantId, UserId } from '@libs/kernel';
import { NotAMember, TenantRequired, TenantSuspended } from './auth.errors';
import { Role } from './role';
import { AuthenticationMethod } from './session';
import { TenantStatus } from './tenant';

/** That a person belongs to a tenant, with what is needed to let the person in. */
export interface Membership {
  userId: UserId;
  tenantId: TenantId;
  role: Role;
  /** The person's, as of now. */
  email: string;
  subdomain: string;
  tenantName: string;
  tenantStatus: TenantStatus;
  /** Of the tenant. */
  requiresSecondFactor: boolean;
  /** When the person's password or second factor last changed; absent until then. */
  credentialsChangedAt?: Date;
}

/** Whether the tenant asks for more than the person has proven. */
export function lacksSecondFactor(
  { requiresSecondFactor }: Pick<Membership, 'requiresSecondFactor'>,
  methods: readonly AuthenticationMethod[],
): boolean {
  return requiresSecondFactor && !methods.includes('mfa');
}

/**
 * Which tenant a sign-in is for. The password was checked before, and nothing here names a tenant that the person did
 * not name.
 * @throws TenantRequired, NotAMember, TenantSuspended
 */
export function chooseMembership(memberships: readonly Membership[], subdomain?: string): Membership {
  const named = subdomain?.trim().toLowerCase();
  const matching = named ? memberships.filter((each) => each.subdomain === named) : memberships;
  const [membership, another] = matching;
  if (!membership) throw new NotAMember();
  if (another) throw new TenantRequired();
  if (membership.tenantStatus !== 'active') throw new TenantSuspended();
  return membership;
}
