import { TenantId, TenantTransaction } from '@libs/kernel';
import { Tenant } from '../src/domain/tenant';
import { TenantDirectory } from '../src/domain/tenant.directory';

export class InMemoryTenants extends TenantDirectory {
  private readonly tenants = new Map<TenantId, Tenant>();

  async keep(tenants: readonly Tenant[]): Promise<void> {
    for (const tenant of tenants) {
      const kept = this.tenants.get(tenant.id);
      if (!kept || tenant.revision > kept.revision) this.tenants.set(tenant.id, tenant);
    }
  }

  async get(id: TenantId): Promise<Tenant> {
    return this.tenants.get(id) ?? Tenant.unknown(id);
  }
}

/** Runs the work and notes for whom. */
export class PlainTransaction extends TenantTransaction {
  readonly openedFor: TenantId[][] = [];

  run<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  runFor<T>(tenantIds: readonly TenantId[], work: () => Promise<T>): Promise<T> {
    this.openedFor.push([...tenantIds]);
    return work();
  }
}
