import { Injectable } from '@nestjs/common';
import { requestContext, TenantTransaction, UserId } from '@libs/kernel';
import { NotAMember } from '../../domain/auth.errors';
import { mayChange } from '../../domain/member-rules';
import { MembershipRepository } from '../../domain/membership.repository';
import { MemberNotFound } from '../../domain/tenancy.errors';
import { AuditLog } from '../audit/audit-log';
import { DenyList } from '../sessions/deny-list';
import { EndMembershipsSessions } from '../sessions/end-memberships-sessions';

/** Who administers a tenant signs a member out of it: a lost telephone, a suspicion. The membership stays. */
@Injectable()
export class EndMemberSessions {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly memberships: MembershipRepository,
    private readonly endSessions: EndMembershipsSessions,
    private readonly denyList: DenyList,
    private readonly audit: AuditLog,
  ) {}

  /** Harmless when repeated. @throws MemberNotFound, OwnerRequired, and what the deny list throws when it is away */
  async execute(input: { by: UserId; userId: UserId }): Promise<void> {
    const { by, userId } = input;
    const tenantId = requestContext.tenantId();
    const reason = 'ended_by_admin';
    const denials = await this.transaction.run(async () => {
      // Locked: the roles that are compared are those of the commit.
      const { roles } = await this.memberships.lockRoles([by, userId]);
      const [actor, member] = [roles.get(by), roles.get(userId)];
      if (!actor) throw new NotAMember();
      if (!member) throw new MemberNotFound();
      mayChange(actor, member);
      const ended = await this.endSessions.within(tenantId, userId, reason);
      for (const { id: target } of ended)
        await this.audit.record({ tenantId, action: 'session.ended', target, details: { userId, reason } });
      return ended;
    });
    await this.denyList.publish(denials);
  }
}
