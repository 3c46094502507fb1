import { Tenant } from './tenant';

export abstract class TenantRepository {
  /** Inside a transaction of this very tenant. @throws SubdomainTaken */
  abstract add(tenant: Tenant): Promise<void>;
  /** The tenant of the transaction. */
  abstract current(): Promise<Tenant>;
  /** The same, and nobody else changes it before this transaction ends. */
  abstract lockCurrent(): Promise<Tenant>;
  /** What may change of a tenant: settings, domains, status. */
  abstract save(tenant: Tenant): Promise<void>;
}
