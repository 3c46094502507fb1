import { Injectable } from '@nestjs/common';
import { SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { MarkedDays } from '../../application/people/marked-days';
import { AppDay } from '../../application/rollup.store';
import { dayAfter } from '../../domain/local-time';
import { dayLock } from './day-rows.sql';
import { spansLock } from './span-rows.sql';

/** Longer than the largest day takes. */
const LEASE = '10 minutes';
const BUILT = ['day_built', 'day_rollup', 'day_dimension'];
const SPANS = ['span_built', 'span_rollup', 'span_dimension'];

@Injectable()
export class PostgresMarkedDays extends MarkedDays {
  constructor(private readonly sql: SqlSession) {
    super();
  }

  async due(most: number): Promise<readonly AppDay[]> {
    const rows = await this.sql.query<{ tenant_id: TenantId; app_id: string; day: string }>(
      `select tenant_id, app_id, day::text as day from analytics.rebuild_day
       where due_at <= now() order by due_at, tenant_id, app_id, day limit $1`,
      [most],
    );
    return rows.map(({ tenant_id, app_id, day }) => ({ tenantId: tenant_id, appId: app_id, day }));
  }

  async claim({ tenantId, appId, day }: AppDay): Promise<number | undefined> {
    const [row] = await this.sql.query<{ marks: number }>(
      `update analytics.rebuild_day set due_at = clock_timestamp() + interval '${LEASE}'
       where tenant_id = $1 and app_id = $2 and day = $3 and due_at <= clock_timestamp()
       returning marks`,
      [tenantId, appId, day],
    );
    return row?.marks;
  }

  async finish({ tenantId, appId, day }: AppDay, marks: number): Promise<boolean> {
    const gone = await this.sql.query(
      'delete from analytics.rebuild_day where tenant_id = $1 and app_id = $2 and day = $3 and marks = $4 returning 1',
      [tenantId, appId, day, marks],
    );
    if (gone.length > 0) return true;
    await this.sql.query(
      `update analytics.rebuild_day set due_at = clock_timestamp()
       where tenant_id = $1 and app_id = $2 and day = $3`,
      [tenantId, appId, day],
    );
    return false;
  }

  async postpone({ tenantId, appId, day }: AppDay): Promise<void> {
    await this.sql.query(
      `update analytics.rebuild_day set due_at = clock_timestamp() + interval '1 minute'
       where tenant_id = $1 and app_id = $2 and day = $3`,
      [tenantId, appId, day],
    );
  }

  async forgetBuilt({ tenantId, appId, day }: AppDay): Promise<void> {
    // A local day lies in up to three UTC days, whatever the zone. Whoever read them before is waited for: what they make of them
    // must be there to be deleted.
    const days = [dayAfter(day, -1), day, dayAfter(day)];
    const locks = [spansLock(tenantId, appId), ...days.map((local) => dayLock(tenantId, appId, local))];
    for (const lock of locks)
      await this.sql.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [lock]);
    for (const table of SPANS)
      await this.sql.query(
        `delete from analytics.${table} where tenant_id = $1 and app_id = $2 and first_day <= $3::date + 1 and first_day + days > $3::date - 1`,
        [tenantId, appId, day],
      );
    for (const table of BUILT)
      await this.sql.query(
        `delete from analytics.${table} where tenant_id = $1 and app_id = $2 and day between $3::date - 1 and $3::date + 1`,
        [tenantId, appId, day],
      );
  }
}
