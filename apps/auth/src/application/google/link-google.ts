import { Injectable } from '@nestjs/common';
import { Clock, TenantId, TenantTransaction, UserId } from '@libs/kernel';
import { EmailNotConfirmed, NotAMember } from '../../domain/auth.errors';
import { foldEmail } from '../../domain/email';
import { GoogleLinkUnavailable } from '../../domain/google.errors';
import { IdentityRepository } from '../../domain/identity.repository';
import { MembershipRepository } from '../../domain/membership.repository';
import { User } from '../../domain/user';
import { UserRepository } from '../../domain/user.repository';
import { AccountNotices } from '../sign-in/account-notices';
import { AuditLog } from '../audit/audit-log';
import { CurrentSession } from '../sessions/current-session';
import { ActingSession, IdentityProvider } from '../sign-in/identity-provider';
import { VouchedPerson } from './openid-provider';
import { GoogleCode, RedeemGoogleCode } from './redeem-google-code';
import { inTenant } from '../tenants/tenant-work';

/** A signed-in person, freshly proven, makes a Google account a way to sign in. */
@Injectable()
export class LinkGoogle {
  constructor(
    private readonly redeem: RedeemGoogleCode,
    private readonly transaction: TenantTransaction,
    private readonly identities: IdentityRepository,
    private readonly users: UserRepository,
    private readonly currentSession: CurrentSession,
    private readonly memberships: MembershipRepository,
    private readonly audit: AuditLog,
    private readonly notices: AccountNotices,
    private readonly provider: IdentityProvider,
    private readonly clock: Clock,
  ) {}

  /** @throws GoogleLinkUnavailable, GoogleCodeInvalid, EmailNotConfirmed, IdentityLinkedElsewhere, ChallengeEnded */
  async execute(session: ActingSession, code: GoogleCode): Promise<void> {
    const { tenantId, userId } = session;
    if (await this.provider.keepsSecondFactorOf(userId)) throw new GoogleLinkUnavailable();
    const linked = await this.redeem.execute(code, 'link', (proof) =>
      inTenant(this.transaction, tenantId, async () => {
        // Held to the end: who takes the account over at this moment finds the link and takes it away, or comes first.
        await this.users.holdCredentials(userId);
        await this.currentSession.require(session);
        const user = await this.requireOwner(userId, proof.person);
        const { issuer, subject } = proof.person;
        await this.identities.link({ issuer, subject }, userId, this.clock.now());
        await this.writeDown(tenantId, userId, issuer);
        return { user, issuer };
      }),
    );
    this.notices.googleChanged(linked.user, true);
    for (const { tenantId: other } of await this.memberships.ofPerson(userId))
      if (other !== tenantId)
        await inTenant(this.transaction, other, () => this.writeDown(other, userId, linked.issuer));
  }

  private writeDown(tenantId: TenantId, userId: UserId, issuer: string): Promise<void> {
    const actor = { kind: 'person', id: userId } as const;
    return this.audit.record({
      tenantId,
      action: 'identity.linked',
      actor,
      target: userId,
      details: { issuer },
    });
  }

  /**
   * Whoever registered a stranger's e-mail could link their own Google account, and would still have a way in after the
   * owner of the mailbox has taken the account over by a reset: a link outlives every password.
   */
  private async requireOwner(userId: UserId, { email, emailVerified }: VouchedPerson): Promise<User> {
    const user = await this.users.find(userId);
    if (!user) throw new NotAMember();
    const isTheirs = emailVerified && email !== undefined && foldEmail(email) === user.email;
    if (isTheirs) await this.users.settle(userId, this.clock.now());
    else if (!user.confirmedAt) throw new EmailNotConfirmed();
    return user;
  }
}
