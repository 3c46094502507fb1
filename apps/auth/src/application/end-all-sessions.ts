import { Injectable } from '@nestjs/common';
import { Clock, Outbox, TenantId, TenantTransaction, UserId } from '@libs/kernel';
import { Denial, DenialRepository } from '../domain/denial.repository';
import { MembershipRepository } from '../domain/membership.repository';
import { sessionDenial, sessionRevoked } from '../domain/session';
import { SessionRepository } from '../domain/session.repository';
import { AuditLog } from './audit-log';
import { DenyList } from './deny-list';
import { inTenant } from './tenant-work';

/** Signs a person out everywhere: every session, in every tenant. */
@Injectable()
export class EndAllSessions {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly memberships: MembershipRepository,
    private readonly sessions: SessionRepository,
    private readonly denials: DenialRepository,
    private readonly denyList: DenyList,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @param input.sessionId the caller's own, denied even where a former attempt already ended it */
  async execute(input: { userId: UserId; sessionId: string }): Promise<void> {
    const now = this.clock.now();
    const denials: Denial[] = [sessionDenial(input.sessionId, now)];
    try {
      for (const { tenantId } of await this.memberships.ofPerson(input.userId)) {
        const ended = await inTenant(this.transaction, tenantId, () =>
          this.endIn(tenantId, input.userId, now),
        );
        denials.push(...ended.map((id) => sessionDenial(id, now)));
      }
    } finally {
      // Also when a later tenant failed: a retry would find the sessions of the former ones ended, and deny none.
      await this.denyList.publish(denials);
    }
  }

  private async endIn(tenantId: TenantId, userId: UserId, now: Date): Promise<string[]> {
    const ended = await this.sessions.endAll(userId, 'logout_all', now);
    await this.denials.add(ended.map((id) => sessionDenial(id, now)));
    await this.outbox.add(ended.map((id) => sessionRevoked({ id, tenantId, userId }, 'logout_all', now)));
    const details = { userId, reason: 'logout_all' };
    for (const target of ended)
      await this.audit.record({ tenantId, action: 'session.ended', target, details });
    return ended;
  }
}
