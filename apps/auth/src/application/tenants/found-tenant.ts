import { Injectable } from '@nestjs/common';
import { Clock, Outbox, TenantTransaction } from '@libs/kernel';
import { App } from '../../domain/app';
import { AppRepository } from '../../domain/app.repository';
import { MembershipRepository } from '../../domain/membership.repository';
import { Tenant } from '../../domain/tenant';
import { TenantRepository } from '../../domain/tenant.repository';
import { User } from '../../domain/user';
import { AuditLog } from '../audit/audit-log';
import { inTenant } from './tenant-work';

/** Everything that a tenant begins with, in one transaction: its first owner, its first app, its first audit entry. */
@Injectable()
export class FoundTenant {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly tenants: TenantRepository,
    private readonly apps: AppRepository,
    private readonly memberships: MembershipRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * @param ownerOf makes the rows of the person, first of all
   * @param last what no rollback takes back, done when all else has been
   * @throws SubdomainTaken, and what `ownerOf` and `last` throw
   */
  execute(
    tenant: Tenant,
    ownerOf: () => Promise<User>,
    last?: (owner: User) => Promise<unknown>,
  ): Promise<User> {
    return inTenant(this.transaction, tenant.id, async () => {
      const now = this.clock.now();
      const owner = await ownerOf();
      await this.tenants.add(tenant);
      await this.apps.add(App.first(tenant.snapshot()));
      await this.memberships.add(tenant.id, owner.id, 'owner', now);
      // The first entry of every tenant's log; one that begins otherwise has lost its beginning.
      await this.audit.record({
        tenantId: tenant.id,
        action: 'tenant.registered',
        actor: { kind: 'person', id: owner.id },
        target: tenant.id,
        details: { subdomain: tenant.snapshot().subdomain },
      });
      await this.outbox.add([tenant.changed(now), owner.joined(tenant.id, 'owner', now)]);
      await last?.(owner);
      return owner;
    });
  }
}
