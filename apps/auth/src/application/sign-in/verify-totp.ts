import { Injectable } from '@nestjs/common';
import { CurrentSession } from '../sessions/current-session';
import { EndAllSessions } from '../sessions/end-all-sessions';
import { ActingSession, IdentityProvider } from './identity-provider';

/** An authenticator app becomes the person's second factor; every session that lacks it ends. */
@Injectable()
export class VerifyTotp {
  constructor(
    private readonly provider: IdentityProvider,
    private readonly endAllSessions: EndAllSessions,
    private readonly currentSession: CurrentSession,
  ) {}

  /** @returns recovery codes, shown this once @throws WrongCode, NoTotpEnrolment, TooManyAttempts, ChallengeEnded */
  async execute(session: ActingSession, code: string): Promise<readonly string[]> {
    await this.currentSession.require(session);
    const recoveryCodes = await this.provider.verifyTotp(session, code);
    const { userId, sessionId: except } = session;
    await this.endAllSessions.execute({
      userId,
      except,
      reason: 'second_factor_changed',
      shownOnce: true,
      because: 'totp.enrolled',
      secondFactor: 'gained',
    });
    return recoveryCodes;
  }
}
