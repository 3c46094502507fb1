import { TenantId } from '@libs/kernel';
import { TenantStatus } from '../../domain/tenant';

export interface FoundTenant {
  id: TenantId;
  subdomain: string;
  status: TenantStatus;
  domains: readonly string[];
}

/** Across tenants: for operators, who are told a subdomain and not an id. */
export abstract class TenantSearch {
  abstract find(subdomain: string): Promise<FoundTenant | undefined>;
  /** In the order of their subdomains. */
  abstract all(): Promise<FoundTenant[]>;
}
