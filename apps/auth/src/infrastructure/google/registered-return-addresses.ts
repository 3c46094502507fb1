import { TenantOrigins } from '@libs/http';
import { TenantId } from '@libs/kernel';
import { ReturnAddresses } from '../../application/google/return-addresses';

/** CORS_ORIGINS are the platform's; a tenant's are those that it registered. */
export class RegisteredReturnAddresses extends ReturnAddresses {
  private readonly ours: ReadonlySet<string>;

  constructor(
    corsOrigins: readonly string[],
    private readonly tenants: TenantOrigins,
  ) {
    super();
    this.ours = new Set(corsOrigins);
  }

  isOurs(origin: string): boolean {
    return this.ours.has(origin);
  }

  isSomeTenants(origin: string): boolean {
    return this.tenants.isRegistered(origin);
  }

  admits(origin: string, tenantId: TenantId): boolean {
    return this.isOurs(origin) || this.tenants.isOf(tenantId, origin);
  }
}
