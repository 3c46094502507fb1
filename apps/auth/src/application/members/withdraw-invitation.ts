import { Injectable } from '@nestjs/common';
import { Clock, TenantTransaction, UserId } from '@libs/kernel';
import { NotAMember } from '../../domain/auth.errors';
import { InvitationRepository } from '../../domain/invitation.repository';
import { mayChange } from '../../domain/member-rules';
import { MembershipRepository } from '../../domain/membership.repository';
import { InvitationNotFound } from '../../domain/tenancy.errors';
import { AuditLog } from '../audit/audit-log';

/** The link that was sent opens nothing from now on. */
@Injectable()
export class WithdrawInvitation {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly memberships: MembershipRepository,
    private readonly invitations: InvitationRepository,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @throws InvitationNotFound, OwnerRequired */
  execute(input: { by: UserId; invitationId: string }): Promise<void> {
    return this.transaction.run(async () => {
      const actor = await this.memberships.holdRole(input.by);
      if (!actor) throw new NotAMember();
      const withdrawn = await this.invitations.withdraw(input.invitationId, this.clock.now());
      if (!withdrawn) throw new InvitationNotFound();
      mayChange(actor, withdrawn.role);
      const { tenantId, id, role } = withdrawn;
      await this.audit.record({
        tenantId,
        action: 'member.invitation_withdrawn',
        target: id,
        details: { role },
      });
    });
  }
}
