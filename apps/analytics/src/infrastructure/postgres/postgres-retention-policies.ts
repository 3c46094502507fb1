import { Injectable } from '@nestjs/common';
import { plainArray, SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { RetentionPolicies, ToldRetention } from '../../application/retention-policies';
import { Retention } from '../../domain/retention';

interface RetentionRow {
  tenant_id: TenantId;
  months: number;
  kept_from: Date;
}

@Injectable()
export class PostgresRetentionPolicies extends RetentionPolicies {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async of(tenantIds: readonly TenantId[]): Promise<ReadonlyMap<TenantId, Retention>> {
    const rows = await this.sql.query<RetentionRow>(
      'select tenant_id, months, kept_from from analytics.retention where tenant_id = any ($1::uuid[])',
      [tenantIds],
    );
    return new Map(rows.map((row) => [row.tenant_id, new Retention(row.months, row.kept_from)]));
  }

  async keep(told: readonly ToldRetention[]): Promise<void> {
    await this.sql.query(
      `insert into analytics.retention as kept (tenant_id, months, kept_from, changed_at)
       select distinct on (tenant_id) *
       from unnest($1::uuid[], $2::smallint[], $3::timestamptz[], $4::timestamptz[]) as told (tenant_id, months, kept_from, changed_at)
       order by tenant_id, changed_at desc
       on conflict (tenant_id) do update set
         months = excluded.months, changed_at = excluded.changed_at,
         -- what was given up once stays given up
         kept_from = greatest(kept.kept_from, excluded.kept_from)
       where kept.changed_at < excluded.changed_at`,
      [
        plainArray(told.map(({ tenantId }) => tenantId)),
        plainArray(told.map(({ retention }) => retention.months)),
        plainArray(told.map(({ retention }) => retention.keptFrom.toISOString())),
        plainArray(told.map(({ changedAt }) => changedAt.toISOString())),
      ],
    );
  }
}
