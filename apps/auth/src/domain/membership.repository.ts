import { TenantId, UserId } from '@libs/kernel';
import { Membership } from './membership';
import { Role } from './role';

export abstract class MembershipRepository {
  /** @throws AlreadyAMember */
  abstract add(tenantId: TenantId, userId: UserId, role: Role, now: Date): Promise<void>;
  /** In the tenant of the transaction. */
  abstract find(userId: UserId): Promise<Membership | undefined>;
  /**
   * In every tenant: a sign-in must choose one before there is a tenant to work in. Call it only for a person whose
   * identity was proven.
   */
  abstract ofPerson(userId: UserId): Promise<Membership[]>;

  /**
   * The roles of these members, in the tenant of the transaction, and how many owners it has; none of them, nor the
   * owners, changes before the transaction ends. Whoever is no member is absent.
   */
  abstract lockRoles(
    userIds: readonly UserId[],
  ): Promise<{ roles: ReadonlyMap<UserId, Role>; owners: number }>;

  /** The role as it stays until the transaction ends: for what is given because of it. */
  abstract holdRole(userId: UserId): Promise<Role | undefined>;

  abstract changeRole(userId: UserId, role: Role): Promise<void>;

  abstract remove(userId: UserId): Promise<void>;
}
