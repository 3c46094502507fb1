import { Injectable } from '@nestjs/common';
import { CurrentSession } from '../sessions/current-session';
import { EndAllSessions } from '../sessions/end-all-sessions';
import { ActingSession, IdentityProvider } from './identity-provider';

/** A signed-in person gives themselves another password; every other session ends. */
@Injectable()
export class ChangePassword {
  constructor(
    private readonly provider: IdentityProvider,
    private readonly endAllSessions: EndAllSessions,
    private readonly currentSession: CurrentSession,
  ) {}

  /** @throws InvalidCredentials when the current one is wrong, WeakPassword, ChallengeEnded */
  async execute(session: ActingSession, input: { current: string; next: string }): Promise<void> {
    await this.currentSession.require(session);
    await this.provider.changePassword(session, input);
    const { userId, sessionId: except } = session;
    await this.endAllSessions.execute({
      userId,
      except,
      reason: 'password_changed',
      because: 'password.changed',
    });
  }
}
