import { Injectable } from '@nestjs/common';
import { Clock, Outbox, TenantTransaction } from '@libs/kernel';
import { TenantNotFound } from '../../domain/tenancy.errors';
import { TenantRepository } from '../../domain/tenant.repository';
import { AuditLog } from '../audit/audit-log';
import { TenantSearch } from './tenant-search';
import { inTenant } from './tenant-work';

/** A suspended tenant is let in again; its people sign in anew, its keys work as before. */
@Injectable()
export class ReactivateTenant {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly search: TenantSearch,
    private readonly tenants: TenantRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Harmless when repeated. @throws TenantNotFound */
  async execute(input: { subdomain: string; reason: string }): Promise<void> {
    const found = await this.search.find(input.subdomain);
    if (!found) throw new TenantNotFound(input.subdomain);
    await inTenant(this.transaction, found.id, async () => {
      const before = await this.tenants.lockCurrent();
      const tenant = before.become('active');
      if (tenant === before) return;
      await this.tenants.save(tenant);
      await this.audit.record({
        tenantId: found.id,
        action: 'tenant.reactivated',
        actor: { kind: 'operator' },
        target: found.id,
        details: { reason: input.reason },
      });
      await this.outbox.add([tenant.changed(this.clock.now())]);
    });
  }
}
