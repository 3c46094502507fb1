import { TenantId } from '@libs/kernel';

/** What every service knows of every tenant. */
export interface KnownTenant {
  readonly id: TenantId;
  readonly subdomain: string;
  readonly status: 'active' | 'suspended';
  /** Origins its browsers may call from. */
  readonly origins: readonly string[];
  /** Custom domains whose ownership was proven. */
  readonly domains: readonly string[];
  /** The application that events sent by token belong to; absent until auth has told. */
  readonly defaultAppId?: string;
}

/** Tenants by everything they are looked up by. Never reads a tenant that was replaced. */
export class TenantIndex {
  private readonly ids = new Map<string, KnownTenant>();
  private readonly subdomains = new Map<string, Set<KnownTenant>>();
  private readonly domains = new Map<string, Set<KnownTenant>>();
  private readonly origins = new Map<string, Set<KnownTenant>>();

  get size(): number {
    return this.ids.size;
  }

  put(tenant: KnownTenant): void {
    const old = this.ids.get(tenant.id);
    if (old) this.forget(old);
    this.ids.set(tenant.id, tenant);
    this.keep(this.subdomains, tenant.subdomain, tenant);
    for (const domain of tenant.domains) this.keep(this.domains, domain, tenant);
    for (const origin of tenant.origins) this.keep(this.origins, origin, tenant);
  }

  byId(id: string): KnownTenant | undefined {
    return this.ids.get(id);
  }

  bySubdomain(subdomain: string): KnownTenant | undefined {
    return theOne(this.subdomains.get(subdomain));
  }

  byDomain(domain: string): KnownTenant | undefined {
    return theOne(this.domains.get(domain));
  }

  withOrigin(origin: string): ReadonlySet<KnownTenant> | undefined {
    return this.origins.get(origin);
  }

  private keep(map: Map<string, Set<KnownTenant>>, key: string, tenant: KnownTenant): void {
    const holders = map.get(key);
    if (holders) holders.add(tenant);
    else map.set(key, new Set([tenant]));
  }

  private forget(tenant: KnownTenant): void {
    this.drop(this.subdomains, tenant.subdomain, tenant);
    for (const domain of tenant.domains) this.drop(this.domains, domain, tenant);
    for (const origin of tenant.origins) this.drop(this.origins, origin, tenant);
  }

  private drop(map: Map<string, Set<KnownTenant>>, key: string, tenant: KnownTenant): void {
    const holders = map.get(key);
    holders?.delete(tenant);
    if (holders?.size === 0) map.delete(key);
  }
}

/**
 * A name that two claim is nobody's: while a domain moves from one tenant to another the two changes may arrive in
 * either order, and in between neither must be served under it.
 */
function theOne(holders: ReadonlySet<KnownTenant> | undefined): KnownTenant | undefined {
  if (holders?.size !== 1) return undefined;
  const [only] = holders;
  return only;
}
