import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log';
import { Clock, TenantTransaction } from '@libs/kernel';
import { ChallengeEnded, NotAMember, TenantSuspended } from '../../domain/auth.errors';
import { lacksSecondFactor } from '../../domain/membership';
import { MembershipRepository } from '../../domain/membership.repository';
import { scopesOf } from '../../domain/role';
import { SecondFactorRequired } from '../../domain/second-factor.errors';
import { ACCESS_TOKEN_SECONDS } from '../../domain/session';
import { SessionRepository } from '../../domain/session.repository';
import { UserRepository } from '../../domain/user.repository';
import { AccessTokens, GivenTokens, TokenSubject } from './access-tokens';
import { ActingSession, Proven } from '../sign-in/identity-provider';
import { SessionGrants } from './session-grants';
import { inTenant } from '../tenants/tenant-work';

/** The last step of proving oneself again: the same session, with a fresh `auth_time`. */
@Injectable()
export class FreshenSession {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly sessions: SessionRepository,
    private readonly memberships: MembershipRepository,
    private readonly users: UserRepository,
    private readonly accessTokens: AccessTokens,
    private readonly grants: SessionGrants,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * The answer has no refresh token: the session's own stays good, and a lost answer loses nothing.
   * @throws ChallengeEnded when somebody else was proven or the session has ended; NotAMember, TenantSuspended,
   *   SecondFactorRequired
   */
  async execute(
    input: Pick<Proven, 'user' | 'methods' | 'grant' | 'recoveryCode'> & { session: ActingSession },
  ): Promise<GivenTokens> {
    const { session: acting, user } = input;
    if (user.id !== acting.userId) throw new ChallengeEnded();
    const now = this.clock.now();
    const subject = await inTenant(this.transaction, acting.tenantId, () => this.freshen(input, now));
    return { accessToken: await this.accessTokens.issue(subject, now), expiresIn: ACCESS_TOKEN_SECONDS };
  }

  private async freshen(
    {
      session: acting,
      user,
      methods,
      grant,
      recoveryCode,
    }: Pick<Proven, 'user' | 'methods' | 'grant' | 'recoveryCode'> & { session: ActingSession },
    now: Date,
  ): Promise<TokenSubject> {
    const { tenantId, userId, sessionId } = acting;
    const membership = await this.memberships.find(userId);
    if (!membership) throw new NotAMember();
    if (membership.tenantStatus !== 'active') throw new TenantSuspended();
    // Else a session from before the tenant asked for one would go on by being proven again and again.
    if (lacksSecondFactor(membership, methods)) throw new SecondFactorRequired('forbidden');
    const credentialsAsOf = await this.users.holdCredentials(userId);
    // What was proven was changed meanwhile.
    if (credentialsAsOf?.getTime() !== user.credentialsChangedAt?.getTime()) throw new ChallengeEnded();
    const proof = { methods, credentialsAsOf };
    if (!(await this.sessions.freshen(sessionId, userId, proof, now))) throw new ChallengeEnded();
    if (grant !== undefined) await this.grants.keep(acting, grant);
    const actor = { kind: 'person', id: userId } as const;
    if (recoveryCode)
      await this.audit.record({ tenantId, action: 'recovery_code.used', actor, target: userId });
    await this.audit.record({
      tenantId,
      action: 'session.stepped_up',
      actor,
      target: sessionId,
      details: { methods },
    });
    const { role } = membership;
    return {
      userId,
      email: user.email,
      tenantId,
      role,
      scopes: scopesOf(role),
      sessionId,
      authenticatedAt: now,
      methods,
    };
  }
}
