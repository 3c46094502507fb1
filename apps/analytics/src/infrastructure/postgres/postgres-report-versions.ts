import { Injectable } from '@nestjs/common';
import { TenantId } from '@libs/kernel';
import { ReportVersion, ReportVersions } from '../../application/report-versions';
import { ReportSql } from './report-sql';

// A sequence goes back with a backup, the clock does not: both together come only once. And compiling a report's statement
// (jit) would cost more than all of the report.
const VERSION = `
select max(seq) as seq, extract(epoch from max(changed_at))::text as at, max(changed_at) as changed_at,
  set_config('jit', 'off', true)
from analytics.touched_day
where tenant_id = $1 and app_id = $2 and day between $3 and $4`;

interface VersionRow {
  seq: string | null;
  at: string | null;
  changed_at: Date | null;
}

@Injectable()
export class PostgresReportVersions extends ReportVersions {
  constructor(private readonly sql: ReportSql) {
    super();
  }

  async now(tenantId: TenantId, appId: string, from: Date, to: Date): Promise<ReportVersion> {
    return versionOf(await this.sql.queryAlone(tenantId, VERSION, params(tenantId, appId, from, to)));
  }

  async of(tenantId: TenantId, appId: string, from: Date, to: Date): Promise<ReportVersion> {
    return versionOf(await this.sql.query(VERSION, params(tenantId, appId, from, to)));
  }
}

function versionOf([row]: VersionRow[]): ReportVersion {
  return { version: `${row?.seq ?? 0}@${row?.at ?? 0}`, changedAt: row?.changed_at ?? undefined };
}

function params(tenantId: TenantId, appId: string, from: Date, to: Date): string[] {
  return [tenantId, appId, utcDay(from.getTime()), utcDay(to.getTime() - 1)];
}

function utcDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
