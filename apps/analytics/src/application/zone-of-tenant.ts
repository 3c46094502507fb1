import { Injectable } from '@nestjs/common';
import { Clock, TenantId, TenantTransaction } from '@libs/kernel';
import { DEFAULT_ZONE, TenantZones } from './tenant-zones';

/** So long a changed zone may not be seen yet. */
const KEPT_MS = 1_000;
const MOST = 10_000;

/** The zone a tenant's reports are in, without a query for each of them. */
@Injectable()
export class ZoneOfTenant {
  private readonly known = new Map<TenantId, { zone: string; until: number }>();

  constructor(
    private readonly transaction: TenantTransaction,
    private readonly zones: TenantZones,
    private readonly clock: Clock,
  ) {}

  async of(tenantId: TenantId): Promise<string> {
    const now = this.clock.now().getTime();
    const known = this.known.get(tenantId);
    if (known && now < known.until) return known.zone;
    const found = await this.transaction.runFor([tenantId], () => this.zones.of([tenantId]));
    const zone = found.get(tenantId) ?? DEFAULT_ZONE;
    if (this.known.size >= MOST) this.known.clear();
    this.known.set(tenantId, { zone, until: now + KEPT_MS });
    return zone;
  }
}
