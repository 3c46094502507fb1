import { Injectable } from '@nestjs/common';
import { plainArray, SqlSession, textArray } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { TenantCopies, TenantCopy } from '../../application/tenant-copies';

@Injectable()
export class PostgresTenantCopies extends TenantCopies {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async keep(copies: readonly TenantCopy[]): Promise<void> {
    await this.sql.query(
      `insert into releases.tenant as kept (tenant_id, time_zone, status, revision)
       select * from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[])
       on conflict (tenant_id) do update
       set time_zone = excluded.time_zone, status = excluded.status, revision = excluded.revision
       where kept.revision < excluded.revision`,
      [
        plainArray(copies.map((copy) => copy.tenantId)),
        textArray(copies.map((copy) => copy.timeZone)),
        textArray(copies.map((copy) => copy.status)),
        plainArray(copies.map((copy) => String(copy.revision))),
      ],
    );
  }

  async timeZonesOf(tenantIds: readonly TenantId[]): Promise<ReadonlyMap<TenantId, string>> {
    const rows = await this.sql.query<{ tenant_id: TenantId; time_zone: string }>(
      'select tenant_id, time_zone from releases.tenant where tenant_id = any ($1::uuid[])',
      [plainArray(tenantIds)],
    );
    return new Map(rows.map((row) => [row.tenant_id, row.time_zone]));
  }
}
