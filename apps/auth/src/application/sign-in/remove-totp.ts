import { Injectable } from '@nestjs/common';
import { MembershipRepository } from '../../domain/membership.repository';
import { SecondFactorRequired } from '../../domain/second-factor.errors';
import { CurrentSession } from '../sessions/current-session';
import { EndAllSessions } from '../sessions/end-all-sessions';
import { ActingSession, IdentityProvider } from './identity-provider';

/** The person gives up the authenticator app; every other session ends. */
@Injectable()
export class RemoveTotp {
  constructor(
    private readonly provider: IdentityProvider,
    private readonly memberships: MembershipRepository,
    private readonly endAllSessions: EndAllSessions,
    private readonly currentSession: CurrentSession,
  ) {}

  /** @throws SecondFactorRequired while a tenant of the person asks for one, ChallengeEnded, and what the provider throws */
  async execute(session: ActingSession): Promise<void> {
    const memberships = await this.memberships.ofPerson(session.userId);
    if (memberships.some(({ requiresSecondFactor }) => requiresSecondFactor))
      throw new SecondFactorRequired('conflict');
    await this.currentSession.require(session);
    await this.provider.removeTotp(session);
    const { userId, sessionId: except } = session;
    await this.endAllSessions.execute({
      userId,
      except,
      reason: 'second_factor_changed',
      because: 'totp.removed',
      secondFactor: 'lost',
    });
  }
}
