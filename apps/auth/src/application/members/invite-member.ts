import { Injectable } from '@nestjs/common';
import { Clock, requestContext, TenantTransaction, UserId } from '@libs/kernel';
import { NotAMember } from '../../domain/auth.errors';
import { normaliseEmail } from '../../domain/email';
import { Invitation, invite } from '../../domain/invitation';
import { InvitationRepository } from '../../domain/invitation.repository';
import { mayChange } from '../../domain/member-rules';
import { MembershipRepository } from '../../domain/membership.repository';
import { Role } from '../../domain/role';
import { AlreadyAMember } from '../../domain/tenancy.errors';
import { TenantRepository } from '../../domain/tenant.repository';
import { UserRepository } from '../../domain/user.repository';
import { AuditLog } from '../audit/audit-log';
import { InvitationLinks, invitationMail } from './invitation-mail';
import { InvitationTokens } from './invitation-tokens';
import { Mailer } from './mailer';

/** Sends somebody a one-time link to join the tenant. Only the mail carries it: who invites never sees it. */
@Injectable()
export class InviteMember {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly memberships: MembershipRepository,
    private readonly users: UserRepository,
    private readonly tenants: TenantRepository,
    private readonly invitations: InvitationRepository,
    private readonly tokens: InvitationTokens,
    private readonly links: InvitationLinks,
    private readonly mailer: Mailer,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * An open invitation to the same e-mail is replaced, so it is harmless to repeat when the mail could not be sent.
   * @throws MalformedEmail, OwnerRequired, AlreadyAMember, MailUnavailable
   */
  async execute(input: { by: UserId; email: string; role: Role }): Promise<Invitation> {
    const email = normaliseEmail(input.email);
    const tenantId = requestContext.tenantId();
    const token = this.tokens.mint(tenantId);
    const { invitation, tenant } = await this.transaction.run(async () => {
      const actor = await this.memberships.holdRole(input.by);
      if (!actor) throw new NotAMember();
      mayChange(actor, input.role);
      const account = await this.users.findByEmail(email);
      if (account && (await this.memberships.find(account.id))) throw new AlreadyAMember();
      const made = invite({ tenantId, email, role: input.role, invitedBy: input.by, now: this.clock.now() });
      // To replace an invitation is to withdraw it: an owner's may not be undone by putting another in its place.
      mayChange(actor, await this.invitations.add(made, token.hash));
      await this.audit.record({
        tenantId,
        action: 'member.invited',
        target: made.id,
        details: { email, role: made.role },
      });
      return { invitation: made, tenant: (await this.tenants.current()).snapshot() };
    });
    const { expiresAt, role } = invitation;
    const { name: tenantName, timeZone } = tenant;
    const link = this.links.to(token.text);
    await this.mailer.send(invitationMail({ to: email, tenantName, role, link, expiresAt, timeZone }));
    return invitation;
  }
}
