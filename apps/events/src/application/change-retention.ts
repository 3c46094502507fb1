import { Injectable } from '@nestjs/common';
import { auditRecorded, Clock, Outbox, TenantId, TenantTransaction } from '@libs/kernel';
import { retentionChanged } from '../domain/retention-changed';
import { RetentionPolicy } from '../domain/retention-policy';
import { RetentionPolicies } from './retention-policies';

export interface RetentionChange {
  months: number;
  criticalMonths: number;
}

/** Sets how long a tenant's events are kept, from this moment on. */
@Injectable()
export class ChangeRetention {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly policies: RetentionPolicies,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Audited, and told to whoever keeps events, when it changes anything. @throws InvalidRetention */
  execute(
    tenantId: TenantId,
    { months, criticalMonths }: RetentionChange,
    by: { userId: string },
  ): Promise<RetentionPolicy> {
    return this.transaction.run(async () => {
      const now = this.clock.now();
      const before = await this.policies.getForUpdate(tenantId); // lock first: what one of two changes gave up stays given up
      const after = before.changed(months, criticalMonths, now);
      if (before.months === months && before.criticalMonths === criticalMonths) return before;
      await this.policies.save(tenantId, after);
      await this.outbox.add([
        retentionChanged(tenantId, after, now),
        auditRecorded(tenantId, now, {
          action: 'events.retention_changed',
          actorId: by.userId,
          actorKind: 'person',
          target: tenantId,
          details: {
            months: `${before.months} -> ${months}`,
            criticalMonths: `${before.criticalMonths} -> ${criticalMonths}`,
          },
        }),
      ]);
      return after;
    });
  }
}
