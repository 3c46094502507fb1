import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { RetentionPolicies } from '../../application/retention-policies';
import { RetentionPolicy } from '../../domain/retention-policy';

export interface RetentionRow {
  tenant_id: TenantId;
  months: number;
  critical_months: number;
  kept_from: Date;
  critical_kept_from: Date;
}

export const RETENTION_COLUMNS = 'tenant_id, months, critical_months, kept_from, critical_kept_from';

export function policyOf(row: RetentionRow): RetentionPolicy {
  return new RetentionPolicy(row.months, row.critical_months, row.kept_from, row.critical_kept_from);
}

@Injectable()
export class PostgresRetentionPolicies extends RetentionPolicies {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async of(tenantIds: readonly TenantId[]): Promise<ReadonlyMap<TenantId, RetentionPolicy>> {
    const rows = await this.sql.query<RetentionRow>(
      `select ${RETENTION_COLUMNS} from events.retention where tenant_id = any ($1::uuid[])`,
      [tenantIds],
    );
    return new Map(rows.map((row) => [row.tenant_id, policyOf(row)]));
  }

  async getForUpdate(tenantId: TenantId): Promise<RetentionPolicy> {
    // There may be no row to lock yet.
    await this.sql.query(`select pg_advisory_xact_lock(hashtextextended('events.retention ' || $1, 0))`, [
      tenantId,
    ]);
    return (await this.of([tenantId])).get(tenantId) ?? RetentionPolicy.DEFAULT;
  }

  async save(tenantId: TenantId, policy: RetentionPolicy): Promise<void> {
    await this.sql.query(
      `insert into events.retention (tenant_id, months, critical_months, kept_from, critical_kept_from)
       values ($1, $2, $3, $4, $5)
       on conflict (tenant_id) do update set
         months = excluded.months, critical_months = excluded.critical_months, kept_from = excluded.kept_from,
         critical_kept_from = excluded.critical_kept_from, changed_at = now(), changed_in = pg_current_xact_id()`,
      [
        tenantId,
        policy.months,
        policy.criticalMonths,
        policy.keptFrom.toISOString(),
        policy.criticalKeptFrom.toISOString(),
      ],
    );
  }
}
