import { Injectable } from '@nestjs/common';
import { Clock, requestContext, TenantTransaction, UserId } from '@libs/kernel';
import { NotAMember } from '../../domain/auth.errors';
import { InvitationRepository } from '../../domain/invitation.repository';
import { keepsAnOwner, mayChange } from '../../domain/member-rules';
import { MembershipRepository } from '../../domain/membership.repository';
import { isBelow, Role } from '../../domain/role';
import { MemberNotFound } from '../../domain/tenancy.errors';
import { AuditLog } from '../audit/audit-log';
import { DenyList } from '../sessions/deny-list';
import { EndMembershipsSessions } from '../sessions/end-memberships-sessions';

/** A member gets another role. Who may do less from now on is signed out of this tenant at once. */
@Injectable()
export class ChangeMemberRole {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly memberships: MembershipRepository,
    private readonly invitations: InvitationRepository,
    private readonly endSessions: EndMembershipsSessions,
    private readonly denyList: DenyList,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Harmless when repeated. @throws MemberNotFound, OwnerRequired, LastOwner */
  async execute(input: { by: UserId; userId: UserId; role: Role }): Promise<void> {
    const { by, userId, role } = input;
    const tenantId = requestContext.tenantId();
    const denials = await this.transaction.run(async () => {
      // Locked first: two owners who demote each other at once must not both succeed.
      const { roles, owners } = await this.memberships.lockRoles([by, userId]);
      const [actor, current] = [roles.get(by), roles.get(userId)];
      if (!actor) throw new NotAMember();
      if (!current) throw new MemberNotFound();
      mayChange(actor, current, role);
      keepsAnOwner(owners, current, role);
      if (current === role) return [];
      await this.memberships.changeRole(userId, role);
      await this.audit.record({
        tenantId,
        action: 'member.role_changed',
        target: userId,
        details: { from: current, to: role },
      });
      // A token with more scopes may wait for its refresh; one with too many may not.
      if (!isBelow(role, current)) return [];
      await this.invitations.withdrawBy(userId, this.clock.now());
      return this.endSessions.within(tenantId, userId, 'membership_changed');
    });
    await this.denyList.publish(denials);
  }
}
