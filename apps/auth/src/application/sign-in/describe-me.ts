import { Injectable } from '@nestjs/common';
import { TenantTransaction } from '@libs/kernel';
import { NotAMember } from '../../domain/auth.errors';
import { MembershipRepository } from '../../domain/membership.repository';
import { Role } from '../../domain/role';
import { Tenant } from '../../domain/tenant';
import { TenantRepository } from '../../domain/tenant.repository';
import { User } from '../../domain/user';
import { UserRepository } from '../../domain/user.repository';
import { ActingSession, IdentityProvider, SecondFactor } from './identity-provider';

export interface Description {
  user: User;
  tenant: Tenant;
  role: Role;
  /** What a sign-in asks for beside the password. */
  secondFactors: readonly SecondFactor[];
}

/** Who the caller is, as of now and not as of the sign-in. */
@Injectable()
export class DescribeMe {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly users: UserRepository,
    private readonly tenants: TenantRepository,
    private readonly memberships: MembershipRepository,
    private readonly provider: IdentityProvider,
  ) {}

  /** @throws NotAMember when the membership ended since the token was issued */
  async execute(session: ActingSession): Promise<Description> {
    const { userId } = session;
    const described = await this.transaction.run(async () => {
      const user = await this.users.find(userId);
      const membership = await this.memberships.find(userId);
      if (!user || !membership) throw new NotAMember();
      return { user, tenant: await this.tenants.current(), role: membership.role };
    });
    // After the transaction: another provider may take its time.
    return { ...described, secondFactors: await this.provider.secondFactors(userId, session) };
  }
}
