import { KnownTenant, WrongHost } from '@libs/security';

/**
 * The subdomain to sign in to: that of the host on a tenant's own, where naming it is needless and naming another is a
 * mistake or a trick; else whatever the caller names.
 * @throws WrongHost
 */
export function tenantToEnter(host: KnownTenant | undefined, named: string | undefined): string | undefined {
  if (!host) return named;
  if (named?.trim() && named.trim().toLowerCase() !== host.subdomain) throw new WrongHost();
  return host.subdomain;
}
