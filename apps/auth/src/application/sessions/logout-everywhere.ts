import { Injectable } from '@nestjs/common';
import { EndAllSessions } from './end-all-sessions';
import { ActingSession, IdentityProvider } from '../sign-in/identity-provider';

/** Signs a person out of everything, at the identity provider too. */
@Injectable()
export class LogoutEverywhere {
  constructor(
    private readonly endAllSessions: EndAllSessions,
    private readonly provider: IdentityProvider,
  ) {}

  /** Ours first: they are what opens doors here, and they end also while the provider is away. */
  async execute(session: ActingSession): Promise<void> {
    await this.endAllSessions.execute(session);
    await this.provider.signOutEverywhere(session);
  }
}
