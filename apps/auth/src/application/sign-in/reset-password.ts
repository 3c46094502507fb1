import { Injectable } from '@nestjs/common';
import { EndAllSessions } from '../sessions/end-all-sessions';
import { IdentityProvider } from './identity-provider';

/** A forgotten password is replaced by whoever receives the account's mail; every session ends. */
@Injectable()
export class ResetPassword {
  constructor(
    private readonly provider: IdentityProvider,
    private readonly endAllSessions: EndAllSessions,
  ) {}

  /** @throws ConfirmationFailed, WeakPassword */
  async execute(input: { email: string; code: string; password: string }): Promise<void> {
    const user = await this.provider.resetPassword(input);
    if (!user) return;
    await this.endAllSessions.execute({
      userId: user.id,
      reason: 'password_changed',
      because: 'password.reset',
    });
  }
}
