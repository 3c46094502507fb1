import { TenantId } from '@libs/kernel';
import { Tenant } from './tenant';

export abstract class TenantDirectory {
  /** Keeps the highest revision of each, whatever the order of arrival. */
  abstract keep(tenants: readonly Tenant[]): Promise<void>;

  /** The kept copy, or `Tenant.unknown`. */
  abstract get(id: TenantId): Promise<Tenant>;
}
