import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { TenantZone, TenantZones } from '../../application/tenant-zones';

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
