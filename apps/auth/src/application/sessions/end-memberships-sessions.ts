import { Injectable } from '@nestjs/common';
import { Clock, Outbox, TenantId, UserId } from '@libs/kernel';
import { Denial, DenialRepository } from '../../domain/denial.repository';
import { RevocationReason, sessionDenial, sessionRevoked } from '../../domain/session';
import { SessionRepository } from '../../domain/session.repository';

/** Ends a person's sessions in one tenant, inside the transaction that changed their membership. */
@Injectable()
export class EndMembershipsSessions {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly denials: DenialRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** @returns what the deny list must be given once the transaction has committed */
  async within(tenantId: TenantId, userId: UserId, reason: RevocationReason): Promise<Denial[]> {
    const now = this.clock.now();
    const ended = await this.sessions.endAll(userId, reason, now);
    const denials = ended.map((id) => sessionDenial(id, now));
    await this.denials.add(denials);
    await this.outbox.add(ended.map((id) => sessionRevoked({ id, tenantId, userId }, reason, now)));
    return denials;
  }
}
