import { Injectable } from '@nestjs/common';
import { Clock, requestContext, TenantTransaction, UserId } from '@libs/kernel';
import { NotAMember } from '../../domain/auth.errors';
import { InvitationRepository } from '../../domain/invitation.repository';
import { keepsAnOwner, mayChange } from '../../domain/member-rules';
import { MembershipRepository } from '../../domain/membership.repository';
import { MemberNotFound } from '../../domain/tenancy.errors';
import { AuditLog } from '../audit/audit-log';
import { DenyList } from '../sessions/deny-list';
import { EndMembershipsSessions } from '../sessions/end-memberships-sessions';

/** A person leaves the tenant: their sessions in it end at once, and so do the invitations they sent. */
@Injectable()
export class RemoveMember {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly memberships: MembershipRepository,
    private readonly invitations: InvitationRepository,
    private readonly endSessions: EndMembershipsSessions,
    private readonly denyList: DenyList,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @throws MemberNotFound, OwnerRequired, LastOwner */
  async execute(input: { by: UserId; userId: UserId }): Promise<void> {
    const { by, userId } = input;
    const tenantId = requestContext.tenantId();
    const denials = await this.transaction.run(async () => {
      const { roles, owners } = await this.memberships.lockRoles([by, userId]);
      const [actor, current] = [roles.get(by), roles.get(userId)];
      if (!actor) throw new NotAMember();
      if (!current) throw new MemberNotFound();
      mayChange(actor, current);
      keepsAnOwner(owners, current);
      await this.memberships.remove(userId);
      await this.invitations.withdrawBy(userId, this.clock.now());
      await this.audit.record({
        tenantId,
        action: 'member.removed',
        target: userId,
        details: { role: current },
      });
      return this.endSessions.within(tenantId, userId, 'membership_changed');
    });
    await this.denyList.publish(denials);
  }
}
