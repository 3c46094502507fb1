import { Injectable } from '@nestjs/common';
import { Clock, Outbox, TenantId, TenantTransaction, UserId } from '@libs/kernel';
import { SessionNotFound } from '../../domain/auth.errors';
import { DenialRepository } from '../../domain/denial.repository';
import { RevocationReason, sessionDenial, sessionRevoked } from '../../domain/session';
import { SessionRepository } from '../../domain/session.repository';
import { AuditLog } from '../audit/audit-log';
import { DenyList } from './deny-list';
import { inTenant } from '../tenants/tenant-work';

/** Ends one session of a person: no refresh from now on, and no access token of it passes anywhere. */
@Injectable()
export class EndSession {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly sessions: SessionRepository,
    private readonly denials: DenialRepository,
    private readonly denyList: DenyList,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Harmless when repeated: who got no answer asks again, and the deny list is written again.
   * @throws SessionNotFound, and whatever the deny list's store throws when it is away
   */
  async execute(input: {
    tenantId: TenantId;
    userId: UserId;
    sessionId: string;
    reason: RevocationReason;
  }): Promise<void> {
    const { tenantId, userId, sessionId, reason } = input;
    const now = this.clock.now();
    const denial = sessionDenial(sessionId, now);
    await inTenant(this.transaction, tenantId, async () => {
      const ended = await this.sessions.end(sessionId, userId, reason, now);
      if (!ended && !(await this.sessions.belongs(sessionId, userId))) throw new SessionNotFound();
      await this.denials.add([denial]);
      if (!ended) return;
      await this.outbox.add([sessionRevoked({ id: sessionId, tenantId, userId }, reason, now)]);
      const action = reason === 'refresh_reuse' ? 'session.reuse_detected' : 'session.ended';
      await this.audit.record({ tenantId, action, target: sessionId, details: { userId, reason } });
    });
    await this.denyList.publish([denial]);
  }
}
