import { Injectable } from '@nestjs/common';
import { Clock, Outbox, TenantId, TenantTransaction } from '@libs/kernel';
import { DenialRepository } from '../../domain/denial.repository';
import { sessionDenial, sessionRevoked, tenantDenial } from '../../domain/session';
import { SessionRepository } from '../../domain/session.repository';
import { TenantNotFound } from '../../domain/tenancy.errors';
import { TenantRepository } from '../../domain/tenant.repository';
import { AuditLog } from '../audit/audit-log';
import { TenantSearch } from './tenant-search';
import { inTenant } from './tenant-work';

/**
 * Nobody acts for a tenant any more. Its sessions end for good; its API keys, and whatever is being signed in at this
 * moment, are covered by a denial of the tenant itself until every service's directory says that it is suspended.
 */
@Injectable()
export class SuspendTenant {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly search: TenantSearch,
    private readonly tenants: TenantRepository,
    private readonly sessions: SessionRepository,
    private readonly denials: DenialRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Harmless when repeated. @returns how many sessions ended @throws TenantNotFound */
  async execute(input: { subdomain: string; reason: string }): Promise<{ sessions: number }> {
    const found = await this.search.find(input.subdomain);
    if (!found) throw new TenantNotFound(input.subdomain);
    return inTenant(this.transaction, found.id, () => this.suspend(found.id, input.reason));
  }

  private async suspend(tenantId: TenantId, reason: string): Promise<{ sessions: number }> {
    const now = this.clock.now();
    const before = await this.tenants.lockCurrent();
    const tenant = before.become('suspended');
    const ended = await this.sessions.endOfTenant('tenant_suspended', now);
    await this.denials.addUnpublished([
      tenantDenial(tenantId, now),
      ...ended.map(({ id }) => sessionDenial(id, now)),
    ]);
    const revoked = ended.map((session) => sessionRevoked({ ...session, tenantId }, 'tenant_suspended', now));
    if (tenant !== before) {
      await this.tenants.save(tenant);
      await this.audit.record({
        tenantId,
        action: 'tenant.suspended',
        actor: { kind: 'operator' },
        target: tenantId,
        details: { reason, sessions: ended.length },
      });
    }
    await this.outbox.add([...(tenant === before ? [] : [tenant.changed(now)]), ...revoked]);
    return { sessions: ended.length };
  }
}
