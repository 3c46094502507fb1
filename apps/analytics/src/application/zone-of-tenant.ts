import { Injectable } from '@nestjs/common';
import { Clock, TenantId, TenantTransaction } from '@libs/kernel';
import { DEFAULT_ZONE, TenantZones } from './tenant-zones';

/** So long a changed zone may not be seen yet. */
const KEPT_MS = 1_000;
const MOST = 10_000;

interface Zones {
  told: string;
  days: string;
}

/** The zone a tenant's reports are in, and the one its days are made in, without a query for each report. */
@Injectable()
export class ZoneOfTenant {
  private readonly known = new Map<TenantId, { zones: Zones; until: number }>();

  constructor(
    private readonly transaction: TenantTransaction,
    private readonly zones: TenantZones,
    private readonly clock: Clock,
  ) {}

  /** That it reports in. */
  async of(tenantId: TenantId): Promise<string> {
    return (await this.zonesOf(tenantId)).told;
  }

  /** That its days are made in: the same, but for the hours after a change. */
  async ofDays(tenantId: TenantId): Promise<string> {
    return (await this.zonesOf(tenantId)).days;
  }

  private async zonesOf(tenantId: TenantId): Promise<Zones> {
    const now = this.clock.now().getTime();
    const known = this.known.get(tenantId);
    if (known && now < known.until) return known.zones;
    const found = await this.transaction.runFor([tenantId], () => this.zones.find(tenantId));
    const told = found?.told ?? DEFAULT_ZONE;
    const zones = { told, days: found?.days?.zone ?? told };
    if (this.known.size >= MOST) this.known.clear();
    this.known.set(tenantId, { zones, until: now + KEPT_MS });
    return zones;
  }
}
