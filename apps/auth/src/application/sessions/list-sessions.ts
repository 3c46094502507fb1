import { Injectable } from '@nestjs/common';
import { Clock, TenantTransaction, UserId } from '@libs/kernel';
import { Session } from '../../domain/session';
import { SessionRepository } from '../../domain/session.repository';

@Injectable()
export class ListSessions {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly sessions: SessionRepository,
    private readonly clock: Clock,
  ) {}

  /** The person's living sessions in the current tenant, last used first. */
  execute(userId: UserId): Promise<Session[]> {
    return this.transaction.run(() => this.sessions.living(userId, this.clock.now()));
  }
}
