import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { TenantZone, TenantZones } from '../../application/tenant-zones';
import { KnownZones } from '../../domain/zone-of-days';

@Injectable()
export class PostgresTenantZones extends TenantZones {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async of(tenantIds: readonly TenantId[]): Promise<ReadonlyMap<TenantId, string>> {
    const rows = await this.sql.query<{ tenant_id: TenantId; time_zone: string }>(
      'select tenant_id, time_zone from analytics.tenant_zone where tenant_id = any ($1::uuid[])',
      [tenantIds],
    );
    return new Map(rows.map((row) => [row.tenant_id, row.time_zone]));
  }

  async find(tenantId: TenantId): Promise<KnownZones | undefined> {
    const [row] = await this.sql.query<{ told: string; zone: string | null; since: Date | null }>(
      'select time_zone as told, days_zone as zone, days_since as since from analytics.tenant_zone where tenant_id = $1',
      [tenantId],
    );
    if (!row) return undefined;
    const { told, zone, since } = row;
    return { told, ...(zone !== null && since !== null && { days: { zone, since } }) };
  }

  async makeDaysIn(tenantId: TenantId, zone: string, since: Date): Promise<void> {
    await this.sql.query(
      'update analytics.tenant_zone set days_zone = $2, days_since = $3 where tenant_id = $1',
      [tenantId, zone, since],
    );
  }

  async keep(zones: readonly TenantZone[]): Promise<void> {
    await this.sql.query(
      `insert into analytics.tenant_zone as kept (tenant_id, time_zone, revision)
       select distinct on (tenant_id) * from unnest($1::uuid[], $2::text[], $3::bigint[]) as told (tenant_id, time_zone, revision)
       order by tenant_id, revision desc
       on conflict (tenant_id) do update set time_zone = excluded.time_zone, revision = excluded.revision
       where kept.revision < excluded.revision`,
      [
        zones.map(({ tenantId }) => tenantId),
        zones.map(({ timeZone }) => timeZone),
        zones.map(({ revision }) => revision),
      ],
    );
  }
}
