import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { ExpiredRows } from '@libs/tracked-events';
import { ExpiredEvents } from '../../application/expired-events';
import { AppKey } from '../../application/rollup.store';
import { Retention } from '../../domain/retention';

type PolicyRow = { tenant_id: TenantId } & ({ months: number; kept_from: Date } | { months: null });

// A local day ends at the latest within the UTC day after it, in the zone furthest west.
const LOCAL_DAY = "day < ($3::timestamptz at time zone 'utc')::date - 1";
const LOCAL_DAYS = LOCAL_DAY.replace('day', 'first_day');
const MADE_OF_EVENTS: Record<string, string> = {
  quarter_rollup: 'bucket < $3',
  quarter_dimension: 'bucket < $3',
  sessions: 'started_at < $3',
  span_rollup: LOCAL_DAYS,
  span_dimension: LOCAL_DAYS,
  span_built: LOCAL_DAYS,
  day_rollup: LOCAL_DAY,
  day_dimension: LOCAL_DAY,
  day_built: LOCAL_DAY,
};

@Injectable()
export class PostgresExpiredEvents extends ExpiredEvents {
  private readonly rows: ExpiredRows;

  constructor(private readonly sql: SqlSession) {
    super();
    this.rows = new ExpiredRows(sql, 'analytics');
  }

  async policies(): Promise<ReadonlyMap<TenantId, Retention>> {
    const rows = await this.sql.query<PolicyRow>(
      `select tenant_id, r.months, r.kept_from
       from analytics.tenant_directory full join analytics.retention r using (tenant_id)`,
    );
    return new Map(
      rows.map((row) => [
        row.tenant_id,
        row.months === null ? Retention.DEFAULT : new Retention(row.months, row.kept_from),
      ]),
    );
  }

  lock(): Promise<boolean> {
    return this.rows.lock();
  }

  deleteRaw(tenantIds: readonly TenantId[], before: Date, most: number): Promise<number> {
    const mine = 'tenant_id = any ($1::uuid[]) and "timestamp" < $2';
    const key = 'tenant_id, event_id, "timestamp"';
    return this.rows.delete(
      `delete from analytics.events
       where ${mine} and (${key}) in (select ${key} from analytics.events where ${mine} limit $3)`,
      [tenantIds, before.toISOString(), most],
    );
  }

  appsWithDaysBefore(tenantIds: readonly TenantId[], before: Date): Promise<readonly AppKey[]> {
    return this.sql.query<{ tenantId: TenantId; appId: string }>(
      `select distinct tenant_id as "tenantId", app_id as "appId" from analytics.touched_day
       where tenant_id = any ($1::uuid[]) and day < ($2::timestamptz at time zone 'utc')::date`,
      [tenantIds, before.toISOString()],
    );
  }

  async deleteRollups({ tenantId, appId }: AppKey, before: Date, most: number): Promise<number> {
    const values = [tenantId, appId, before.toISOString()];
    await this.sql.query('select from analytics.app_state where tenant_id = $1 and app_id = $2 for update', [
      tenantId,
      appId,
    ]);
    let total = 0;
    for (const [table, old] of Object.entries(MADE_OF_EVENTS)) {
      const mine = `tenant_id = $1 and app_id = $2 and ${old}`;
      total += await this.rows.delete(
        `delete from analytics.${table}
         where ${mine} and ctid = any (array(select ctid from analytics.${table} where ${mine} limit $4))`,
        [...values, most],
      );
    }
    if (total > 0) return total;
    // The marks go last: they say that there is something to delete.
    return this.rows.delete(
      `delete from analytics.touched_day
       where tenant_id = $1 and app_id = $2 and day < ($3::timestamptz at time zone 'utc')::date`,
      values,
    );
  }

  deleteDeadLetters(most: number): Promise<number> {
    return this.rows.deleteDeadLetters(most);
  }
}
