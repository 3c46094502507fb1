import { Injectable } from '@nestjs/common';
import { TenantTransaction } from '@libs/kernel';
import { ChallengeEnded } from '../../domain/auth.errors';
import { SessionRepository } from '../../domain/session.repository';
import { ActingSession } from '../sign-in/identity-provider';
import { inTenant } from '../tenants/tenant-work';

/**
 * For changes of credentials, in which the session takes part and which it outlives. One that should have ended with an
 * earlier change still has an access token for a while, and would come back to life by making another.
 */
@Injectable()
export class CurrentSession {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly sessions: SessionRepository,
  ) {}

  /** @throws ChallengeEnded when it has ended, or was proven by credentials that have changed since */
  async require({ tenantId, userId, sessionId }: ActingSession): Promise<void> {
    const isCurrent = await inTenant(this.transaction, tenantId, () =>
      this.sessions.isCurrent(sessionId, userId),
    );
    if (!isCurrent) throw new ChallengeEnded();
  }
}
