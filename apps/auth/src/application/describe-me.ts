import { Injectable } from '@nestjs/common';
import { TenantTransaction, UserId } from '@libs/kernel';
import { NotAMember } from '../domain/auth.errors';
import { MembershipRepository } from '../domain/membership.repository';
import { Role } from '../domain/role';
import { Tenant } from '../domain/tenant';
import { TenantRepository } from '../domain/tenant.repository';
import { User } from '../domain/user';
import { UserRepository } from '../domain/user.repository';

/** Who the caller is, as of now and not as of the sign-in. */
@Injectable()
export class DescribeMe {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly users: UserRepository,
    private readonly tenants: TenantRepository,
    private readonly memberships: MembershipRepository,
  ) {}

  /** @throws NotAMember when the membership ended since the token was issued */
  execute(userId: UserId): Promise<{ user: User; tenant: Tenant; role: Role }> {
    return this.transaction.run(async () => {
      const user = await this.users.find(userId);
      const membership = await this.memberships.find(userId);
      if (!user || !membership) throw new NotAMember();
      return { user, tenant: await this.tenants.current(), role: membership.role };
    });
  }
}
