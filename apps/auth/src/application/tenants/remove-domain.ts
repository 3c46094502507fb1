import { Injectable } from '@nestjs/common';
import { Clock, Outbox, TenantTransaction } from '@libs/kernel';
import { CustomDomainRepository } from '../../domain/custom-domain.repository';
import { DomainNotFound } from '../../domain/tenancy.errors';
import { TenantRepository } from '../../domain/tenant.repository';
import { AuditLog } from '../audit/audit-log';

/** The host is not the tenant's any more, and free for another that proves it. */
@Injectable()
export class RemoveDomain {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly tenants: TenantRepository,
    private readonly domains: CustomDomainRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainNotFound */
  execute(name: string): Promise<void> {
    return this.transaction.run(async () => {
      const tenant = await this.tenants.lockCurrent();
      if (!(await this.domains.remove(name))) throw new DomainNotFound();
      await this.audit.record({ tenantId: tenant.id, action: 'domain.removed', target: name });
      const changed = tenant.withDomains(tenant.snapshot().domains.filter((each) => each !== name));
      if (changed === tenant) return; // it was never proven: nobody else knows of it
      await this.tenants.save(changed);
      await this.outbox.add([changed.changed(this.clock.now())]);
    });
  }
}
