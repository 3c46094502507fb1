import { Injectable } from '@nestjs/common';
import { EndAllSessions } from './end-all-sessions';
import { ActingSession, IdentityProvider } from './identity-provider';

/** The person gives up the authenticator app; every other session ends. */
@Injectable()
export class RemoveTotp {
  constructor(
    private readonly provider: IdentityProvider,
    private readonly endAllSessions: EndAllSessions,
  ) {}

  async execute(session: ActingSession): Promise<void> {
    await this.provider.removeTotp(session);
    const { userId, sessionId: except } = session;
    await this.endAllSessions.execute({
      userId,
      except,
      reason: 'second_factor_changed',
      because: 'totp.removed',
    });
  }
}
