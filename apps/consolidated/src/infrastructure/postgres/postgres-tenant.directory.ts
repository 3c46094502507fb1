import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { Tenant } from '../../domain/tenant';
import { TenantDirectory } from '../../domain/tenant.directory';

const KEEP = `
insert into consolidated.tenant as kept (tenant_id, time_zone, status, revision)
select distinct on (tenant_id) tenant_id, time_zone, status, revision
from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[]) as row (tenant_id, time_zone, status, revision)
order by tenant_id, revision desc
on conflict (tenant_id) do update set
  time_zone = excluded.time_zone, status = excluded.status, revision = excluded.revision
where excluded.revision > kept.revision`;

interface TenantRow {
  time_zone: string;
  status: string;
  revision: string;
}

@Injectable()
export class PostgresTenantDirectory extends TenantDirectory {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async keep(tenants: readonly Tenant[]): Promise<void> {
    await this.sql.query(KEEP, [
      tenants.map((tenant) => tenant.id),
      tenants.map((tenant) => tenant.timeZone),
      tenants.map((tenant) => tenant.status),
      tenants.map((tenant) => tenant.revision),
    ]);
  }

  async get(id: TenantId): Promise<Tenant> {
    const [row] = await this.sql.query<TenantRow>(
      'select time_zone, status, revision::text from consolidated.tenant where tenant_id = $1',
      [id],
    );
    if (!row) return Tenant.unknown(id);
    return Tenant.of({
      id,
      timeZone: row.time_zone,
      status: row.status,
      revision: Number(row.revision),
    });
  }
}
