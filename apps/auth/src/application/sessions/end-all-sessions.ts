import { Injectable } from '@nestjs/common';
import { Clock, DomainError, Outbox, TenantId, TenantTransaction, UserId } from '@libs/kernel';
import { Denial, DenialRepository } from '../../domain/denial.repository';
import { MembershipRepository } from '../../domain/membership.repository';
import { RevocationReason, sessionDenial, sessionRevoked } from '../../domain/session';
import { SessionRepository } from '../../domain/session.repository';
import { AuditAction, AuditLog } from '../audit/audit-log';
import { DenyList } from './deny-list';
import { inTenant } from '../tenants/tenant-work';

export interface EndOfSessions {
  userId: UserId;
  /** The caller's own, denied even where a former attempt already ended it. */
  sessionId?: string;
  /** The one session that stays: what changed was changed in it. */
  except?: string;
  /** What that session is proven by from now on. */
  secondFactor?: 'gained' | 'lost';
  /** Default: the person asked for it. */
  reason?: RevocationReason;
  /**
   * The answer has what is shown this once: a deny list that is away must not cost it. Refreshing is refused at once,
   * access tokens once the list is made whole.
   */
  shownOnce?: true;
  /** What the person did that ends the sessions: written down first, in each of the person's tenants. */
  because?: AuditAction;
}

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

  async execute(input: EndOfSessions): Promise<void> {
    const now = this.clock.now();
    const denials: Denial[] = input.sessionId ? [sessionDenial(input.sessionId, now)] : [];
    try {
      for (const { tenantId } of await this.memberships.ofPerson(input.userId)) {
        const ended = await inTenant(this.transaction, tenantId, () => this.endIn(tenantId, input, now));
        denials.push(...ended.map((id) => sessionDenial(id, now)));
      }
    } finally {
      // Also when a later tenant failed: a retry would find the sessions of the former ones ended, and deny none.
      await this.publish(denials, input);
    }
  }

  private async publish(denials: readonly Denial[], { shownOnce }: EndOfSessions): Promise<void> {
    try {
      await this.denyList.publish(denials);
    } catch (error) {
      if (!(shownOnce && error instanceof DomainError && error.kind === 'unavailable')) throw error;
    }
  }

  private async endIn(tenantId: TenantId, input: EndOfSessions, now: Date): Promise<string[]> {
    const { userId, reason = 'logout_all', except, because, secondFactor } = input;
    const ended = await this.sessions.endAll(userId, reason, now, except);
    if (except) await this.sessions.carryOver(except, userId, secondFactor);
    await this.denials.add(ended.map((id) => sessionDenial(id, now)));
    await this.outbox.add(ended.map((id) => sessionRevoked({ id, tenantId, userId }, reason, now)));
    const actor = { kind: 'person', id: userId } as const;
    if (because) await this.audit.record({ tenantId, action: because, actor, target: userId });
    const details = { userId, reason };
    for (const target of ended)
      await this.audit.record({ tenantId, action: 'session.ended', target, details });
    return ended;
  }
}
