import { TenantId, UserId } from '@libs/kernel';
import { Membership } from './membership';
import { Role } from './role';

export abstract class MembershipRepository {
  abstract add(tenantId: TenantId, userId: UserId, role: Role, now: Date): Promise<void>;
  /** In the tenant of the transaction. */
  abstract find(userId: UserId): Promise<Membership | undefined>;
  /**
   * In every tenant: a sign-in must choose one before there is a tenant to work in. Call it only for a person whose
   * identity was proven.
   */
  abstract ofPerson(userId: UserId): Promise<Membership[]>;
}
