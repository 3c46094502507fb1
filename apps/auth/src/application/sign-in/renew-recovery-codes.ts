import { Injectable } from '@nestjs/common';
import { CurrentSession } from '../sessions/current-session';
import { EndAllSessions } from '../sessions/end-all-sessions';
import { ActingSession, IdentityProvider } from './identity-provider';

/** New recovery codes instead of all former ones: lost, or used up. Every other session ends. */
@Injectable()
export class RenewRecoveryCodes {
  constructor(
    private readonly provider: IdentityProvider,
    private readonly endAllSessions: EndAllSessions,
    private readonly currentSession: CurrentSession,
  ) {}

  /** @returns the codes, shown this once @throws NoTotpEnrolment, ChallengeEnded */
  async execute(session: ActingSession): Promise<readonly string[]> {
    await this.currentSession.require(session);
    const codes = await this.provider.renewRecoveryCodes(session);
    const { userId, sessionId: except } = session;
    await this.endAllSessions.execute({
      userId,
      except,
      reason: 'second_factor_changed',
      shownOnce: true,
      because: 'recovery_codes.renewed',
    });
    return codes;
  }
}
