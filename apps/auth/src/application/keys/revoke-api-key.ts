import { Injectable } from '@nestjs/common';
import { Clock, Outbox, TenantId, TenantTransaction } from '@libs/kernel';
import { ApiKeyNotFound } from '../../domain/api-key.errors';
import { ApiKeyRepository } from '../../domain/api-key.repository';
import { DenialRepository } from '../../domain/denial.repository';
import { AuditLog } from '../audit/audit-log';
import { DenyList } from '../sessions/deny-list';

/** Ends a key for good: it is refused everywhere within a second. */
@Injectable()
export class RevokeApiKey {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly keys: ApiKeyRepository,
    private readonly denials: DenialRepository,
    private readonly denyList: DenyList,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Harmless when repeated: who got no answer asks again, and the deny list is written again.
   * @throws ApiKeyNotFound, and whatever the deny list's store throws when it is away
   */
  async execute(tenantId: TenantId, keyId: string): Promise<void> {
    const now = this.clock.now();
    const denial = await this.transaction.run(async () => {
      const key = await this.keys.findForUpdate(keyId);
      if (!key) throw new ApiKeyNotFound();
      const revoked = key.revoked(now);
      const denial = revoked.denial(now);
      await this.denials.add([denial]);
      if (revoked === key) return denial;
      await this.keys.save(revoked);
      await this.outbox.add([revoked.changed(now)]);
      await this.audit.record({
        tenantId,
        action: 'key.revoked',
        target: keyId,
        details: { name: key.snapshot().name },
      });
      return denial;
    });
    await this.denyList.publish([denial]);
  }
}
