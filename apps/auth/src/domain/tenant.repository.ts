import { Tenant } from './tenant';

export abstract class TenantRepository {
  /** Inside a transaction of this very tenant. @throws SubdomainTaken */
  abstract add(tenant: Tenant): Promise<void>;
  /** The tenant of the transaction. */
  abstract current(): Promise<Tenant>;
}
