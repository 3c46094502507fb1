import { Injectable } from '@nestjs/common';
import { Clock, TenantId, TenantTransaction } from '@libs/kernel';
import { InvalidRefreshToken, RefreshTokenReused, TenantSuspended } from '../../domain/auth.errors';
import { lacksSecondFactor } from '../../domain/membership';
import { MembershipRepository } from '../../domain/membership.repository';
import { judgePresented } from '../../domain/refresh-token';
import { scopesOf } from '../../domain/role';
import { SecondFactorRequired } from '../../domain/second-factor.errors';
import {
  ACCESS_TOKEN_SECONDS,
  isOutdated,
  Origin,
  refreshTokenEnd,
  RevocationReason,
  Session,
} from '../../domain/session';
import { SessionRepository } from '../../domain/session.repository';
import { AccessTokens, TokenPair, TokenSubject } from './access-tokens';
import { EndSession } from './end-session';
import { RefreshToken, RefreshTokens } from './refresh-tokens';
import { inTenant } from '../tenants/tenant-work';

interface Rotation {
  successor: RefreshToken;
  subject: TokenSubject;
}

/** A session that must not go on. */
interface Ending {
  session: Session;
  reason: Extract<RevocationReason, 'refresh_reuse' | 'credentials_changed'>;
}

/** Exchanges a refresh token for a new pair. A token is good once; whoever brings it again ends the session. */
@Injectable()
export class RefreshSession {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly sessions: SessionRepository,
    private readonly memberships: MembershipRepository,
    private readonly refreshTokens: RefreshTokens,
    private readonly accessTokens: AccessTokens,
    private readonly endSession: EndSession,
    private readonly clock: Clock,
  ) {}

  /**
   * @param input.only the tenant whose host it came to; a token of another's is refused there, and not spent
   * @throws InvalidRefreshToken, RefreshTokenReused, TenantSuspended, SecondFactorRequired
   */
  async execute(input: { refreshToken: string; only?: TenantId; origin: Origin }): Promise<TokenPair> {
    const presented = this.refreshTokens.read(input.refreshToken);
    if (!presented || (input.only && input.only !== presented.tenantId)) throw new InvalidRefreshToken();
    const now = this.clock.now();
    const outcome = await inTenant(this.transaction, presented.tenantId, () =>
      this.rotate(presented, input.origin, now),
    );
    if ('reason' in outcome) {
      // After the transaction: its verdict must be kept although the answer is an error.
      const { tenantId, userId, id: sessionId } = outcome.session;
      await this.endSession.execute({ tenantId, userId, sessionId, reason: outcome.reason });
      throw outcome.reason === 'refresh_reuse' ? new RefreshTokenReused() : new InvalidRefreshToken();
    }
    return {
      accessToken: await this.accessTokens.issue(outcome.subject, now),
      refreshToken: outcome.successor.text,
      expiresIn: ACCESS_TOKEN_SECONDS,
    };
  }

  private async rotate(presented: RefreshToken, origin: Origin, now: Date): Promise<Rotation | Ending> {
    const successor = this.refreshTokens.mint(presented.tenantId);
    const session = await this.sessions.spend({
      hash: presented.hash,
      successor: { hash: successor.hash, expiresAt: refreshTokenEnd(now) },
      sealedSuccessor: this.refreshTokens.seal(successor, presented),
      origin,
      now,
    });
    if (session) return this.continued(session, successor);

    const found = await this.sessions.presented(presented.hash, now);
    if (!found) throw new InvalidRefreshToken();
    const { token } = found;
    const verdict = judgePresented(token, now);
    if (verdict === 'reused') return { session: found.session, reason: 'refresh_reuse' };
    if (verdict === 'unusable' || !token.sealedSuccessor) throw new InvalidRefreshToken();
    return this.continued(found.session, this.refreshTokens.unseal(token.sealedSuccessor, presented));
  }

  /** Read again each time: a role, an e-mail or a membership may have changed since the sign-in. */
  private async continued(session: Session, successor: RefreshToken): Promise<Rotation | Ending> {
    const { id: sessionId, userId, tenantId, authenticatedAt, methods } = session;
    const membership = await this.memberships.find(userId);
    if (!membership) throw new InvalidRefreshToken();
    if (isOutdated(session, membership.credentialsChangedAt))
      return { session, reason: 'credentials_changed' };
    if (membership.tenantStatus !== 'active') throw new TenantSuspended();
    if (lacksSecondFactor(membership, methods)) throw new SecondFactorRequired('unauthenticated');
    const { role, email } = membership;
    const scopes = scopesOf(role);
    const subject = { userId, email, tenantId, role, scopes, sessionId, authenticatedAt, methods };
    return { successor, subject };
  }
}
