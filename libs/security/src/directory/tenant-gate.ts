import { Injectable } from '@nestjs/common';
import { TenantIsSuspended, WrongHost } from './directory.errors';
import { HostedRequest, hostOf } from './request-host';
import { TenantDirectory } from './tenant-directory';
import { KnownTenant } from './tenant-index';

/** Holds a request's credential against the host it was sent to, and against its tenant's standing. */
@Injectable()
export class TenantGate {
  constructor(private readonly directory: TenantDirectory) {}

  /** @throws TenantIsSuspended; WrongHost where the host is neither neutral nor this tenant's */
  admit(tenantId: string, request: HostedRequest): void {
    this.admitTenant(tenantId);
    const owner = this.ownerOf(request);
    if (owner !== undefined && owner.id !== tenantId) throw new WrongHost();
  }

  /** @throws TenantIsSuspended */
  admitTenant(tenantId: string): void {
    if (this.directory.isSuspended(tenantId)) throw new TenantIsSuspended();
  }

  /**
   * The tenant whose host the request was sent to; undefined for a neutral host.
   * @throws WrongHost where the host is nobody's
   */
  ownerOf(request: HostedRequest): KnownTenant | undefined {
    const host = hostOf(request);
    if (host === undefined) return undefined;
    if (host === null) throw new WrongHost();
    const name = this.directory.readHost(host);
    if (name.kind === 'neutral') return undefined;
    const owner = this.directory.tenantOf(name);
    if (!owner) throw new WrongHost();
    return owner;
  }
}
