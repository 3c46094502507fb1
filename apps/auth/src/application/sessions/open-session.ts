import { Injectable } from '@nestjs/common';
import { Clock, TenantTransaction } from '@libs/kernel';
import { ChallengeEnded, NotAMember } from '../../domain/auth.errors';
import { chooseMembership, lacksSecondFactor } from '../../domain/membership';
import { MembershipRepository } from '../../domain/membership.repository';
import { scopesOf } from '../../domain/role';
import { SecondFactorRequired } from '../../domain/second-factor.errors';
import {
  ACCESS_TOKEN_SECONDS,
  AuthenticationMethod,
  openSession,
  Origin,
  refreshTokenEnd,
} from '../../domain/session';
import { SessionRepository } from '../../domain/session.repository';
import { User } from '../../domain/user';
import { UserRepository } from '../../domain/user.repository';
import { AccessTokens, TokenPair } from './access-tokens';
import { AuditLog } from '../audit/audit-log';
import { RefreshTokens } from './refresh-tokens';
import { SessionGrants } from './session-grants';
import { inTenant } from '../tenants/tenant-work';

/** The last step of every way to sign in: the person is proven, a tenant is chosen, tokens are given. */
@Injectable()
export class OpenSession {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly memberships: MembershipRepository,
    private readonly users: UserRepository,
    private readonly sessions: SessionRepository,
    private readonly accessTokens: AccessTokens,
    private readonly refreshTokens: RefreshTokens,
    private readonly audit: AuditLog,
    private readonly grants: SessionGrants,
    private readonly clock: Clock,
  ) {}

  /** @throws TenantRequired, NotAMember, TenantSuspended, SecondFactorRequired, ChallengeEnded */
  async execute(input: {
    user: User;
    subdomain?: string;
    origin: Origin;
    methods: readonly AuthenticationMethod[];
    /** What the identity provider needs to act for this session later. */
    grant?: string;
    recoveryCode?: boolean;
  }): Promise<TokenPair> {
    const { user, subdomain, origin, methods, grant, recoveryCode } = input;
    const membership = chooseMembership(await this.memberships.ofPerson(user.id), subdomain);
    if (lacksSecondFactor(membership, methods)) throw new SecondFactorRequired('forbidden');
    const { tenantId } = membership;
    const now = this.clock.now();
    const session = openSession(tenantId, user.id, methods, origin, now, user.credentialsChangedAt);
    const refreshToken = this.refreshTokens.mint(tenantId);
    const role = await inTenant(this.transaction, tenantId, async () => {
      // Held to the end: who is removed or demoted at this moment must not be left with a session from before.
      const held = await this.memberships.holdRole(user.id);
      if (!held) throw new NotAMember();
      // Likewise who was proven by a password that is being changed: the change ends what it sees.
      const changedAt = await this.users.holdCredentials(user.id);
      if (changedAt?.getTime() !== user.credentialsChangedAt?.getTime()) throw new ChallengeEnded();
      await this.sessions.open(session, {
        hash: refreshToken.hash,
        expiresAt: refreshTokenEnd(now, session),
      });
      const acting = { tenantId, userId: user.id, sessionId: session.id };
      if (grant !== undefined) await this.grants.keep(acting, grant);
      if (recoveryCode)
        await this.audit.record({
          tenantId,
          action: 'recovery_code.used',
          actor: { kind: 'person', id: user.id },
          target: user.id,
        });
      await this.audit.record({
        tenantId,
        action: 'session.opened',
        actor: { kind: 'person', id: user.id },
        target: session.id,
        details: { methods, ...(origin.ip ? { ip: origin.ip } : {}) },
      });
      return held;
    });
    const { id: sessionId, authenticatedAt } = session;
    const subject = { userId: user.id, email: user.email, tenantId, role, scopes: scopesOf(role) };
    return {
      accessToken: await this.accessTokens.issue({ ...subject, sessionId, authenticatedAt, methods }, now),
      refreshToken: refreshToken.text,
      expiresIn: ACCESS_TOKEN_SECONDS,
    };
  }
}
