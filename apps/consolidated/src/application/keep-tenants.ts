import { Injectable } from '@nestjs/common';
import { TenantTransaction } from '@libs/kernel';
import { Tenant } from '../domain/tenant';
import { TenantDirectory } from '../domain/tenant.directory';

@Injectable()
export class KeepTenants {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly directory: TenantDirectory,
  ) {}

  /** Takes over what auth says about its tenants. */
  async execute(tenants: readonly Tenant[]): Promise<void> {
    if (tenants.length === 0) return;
    const tenantIds = [...new Set(tenants.map((tenant) => tenant.id))];
    await this.transaction.runFor(tenantIds, () => this.directory.keep(tenants));
  }
}
