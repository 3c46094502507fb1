import { Injectable } from '@nestjs/common';
import { Clock, TenantTransaction } from '@libs/kernel';
import { NotAMember } from '../../domain/auth.errors';
import { GoogleNotLinked, OnlyWayIn } from '../../domain/google.errors';
import { IdentityRepository } from '../../domain/identity.repository';
import { User } from '../../domain/user';
import { UserRepository } from '../../domain/user.repository';
import { AccountNotices } from '../sign-in/account-notices';
import { CurrentSession } from '../sessions/current-session';
import { EndAllSessions } from '../sessions/end-all-sessions';
import { ActingSession, IdentityProvider } from '../sign-in/identity-provider';
import { inTenant } from '../tenants/tenant-work';

/** A person gives up signing in by Google; every other session ends, as any may have begun that way. */
@Injectable()
export class UnlinkGoogle {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly identities: IdentityRepository,
    private readonly users: UserRepository,
    private readonly provider: IdentityProvider,
    private readonly currentSession: CurrentSession,
    private readonly endAllSessions: EndAllSessions,
    private readonly notices: AccountNotices,
    private readonly clock: Clock,
  ) {}

  /** @throws GoogleNotLinked, OnlyWayIn, ChallengeEnded */
  async execute(session: ActingSession): Promise<void> {
    const { tenantId, userId, sessionId: except } = session;
    const user = await inTenant(this.transaction, tenantId, () => this.unlink(session));
    this.notices.googleChanged(user, false);
    await this.endAllSessions.execute({
      userId,
      except,
      reason: 'credentials_changed',
      because: 'identity.unlinked',
    });
  }

  private async unlink(session: ActingSession): Promise<User> {
    const { userId } = session;
    // Of two at once the second one waits here, and finds nothing left.
    const issuers = await this.identities.unlink(userId, this.provider.issuer);
    if (issuers.length === 0) throw new GoogleNotLinked();
    await this.currentSession.require(session);
    const user = await this.users.find(userId);
    if (!user) throw new NotAMember();
    if (!(await this.hasAnotherWay(user))) throw new OnlyWayIn();
    await this.users.noteCredentialsChanged(userId, this.clock.now());
    return user;
  }

  private async hasAnotherWay({ id, passwordHash }: User): Promise<boolean> {
    return this.provider.issuer === undefined
      ? passwordHash !== undefined
      : (await this.identities.ofUser(id)).length > 0;
  }
}
