import { Injectable, Optional } from '@nestjs/common';
import { Clock } from '@libs/kernel';
import { isExpired } from './access-token-claims';
import { ApiKeyVerifier } from './api-keys/api-key-verifier';
import { ExpiredApiKey, RevokedApiKey } from './api-keys/api-key.errors';
import { DenyListSnapshot } from './deny-list-snapshot';
import { TenantGate } from './directory/tenant-gate';
import { Principal } from './principal';
import { Scope } from './scopes';
import { ExpiredToken, InsufficientScope, RevokedToken } from './security.errors';

/** Whether who was let in may stay: for a connection that outlasts its request, and is asked about again and again. */
@Injectable()
export class LastingAccess {
  constructor(
    private readonly denyList: DenyListSnapshot,
    private readonly clock: Clock,
    @Optional() private readonly apiKeys?: ApiKeyVerifier,
    @Optional() private readonly tenants?: TenantGate,
  ) {}

  /**
   * By what this process saw within the last second; of a key the service's own copy is asked, too, at most once a second. Neither
   * token nor key is kept for it.
   * @throws what the guard would refuse the principal with now: ExpiredToken, RevokedToken, RevokedApiKey, TenantIsSuspended, …
   */
  check(principal: Principal, scopes: readonly Scope[]): void | Promise<void> {
    this.tenants?.admitTenant(principal.tenantId);
    if (this.denyList.denies(principal))
      throw principal.kind === 'key' ? new RevokedApiKey() : new RevokedToken();
    const now = Math.floor(this.clock.now().getTime() / 1000);
    if (principal.kind === 'person') {
      if (isExpired(principal.expiresAt, now)) throw new ExpiredToken();
      return;
    }
    if (principal.expiresAt !== undefined && now >= principal.expiresAt) throw new ExpiredApiKey();
    const found = this.apiKeys?.verifyAgain(principal);
    if (found instanceof Promise) return found.then((holder) => checkScopes(holder, scopes));
    if (found) checkScopes(found, scopes);
  }
}

/** A key's scopes may be changed while it stands; a token's never. @throws InsufficientScope */
function checkScopes(holder: Principal, scopes: readonly Scope[]): void {
  if (!scopes.every((scope) => holder.scopes.includes(scope))) throw new InsufficientScope(scopes);
}
