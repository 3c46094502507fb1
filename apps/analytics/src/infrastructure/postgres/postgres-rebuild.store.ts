import { Injectable } from '@nestjs/common';
import { plainArray, SqlSession, textArray } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { AppDay, AppKey } from '../../application/rollup.store';
import { RebuildStore, Span, Visitors } from '../../application/rebuild.store';
import { RolledEvent } from '../../domain/rolled-event';
import { RollupCorrection, StoredQuarter, StoredValue } from '../../domain/rollup-correction';
import { Visit, VisitChanges, VisitReach } from '../../domain/visit';
import { DimensionRows } from './dimension-rows';
import { ADD_QUARTERS, ADD_VALUES } from './postgres-rollup.store';
import { PostgresSessionStore } from './postgres-session.store';
import { quarterColumns } from './quarter-rows';
import { RAW_COLUMNS, RawRow, rolledOfRow } from './raw-rows';
import { SESSION_COLUMNS, SessionRow, visitOfRow } from './session-rows';

const OF_APP = 'tenant_id = $1 and app_id = $2';
const BUCKET = `to_char(bucket at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as bucket`;

@Injectable()
export class PostgresRebuildStore extends RebuildStore {
  constructor(
    private readonly sql: SqlSession,
    private readonly sessions: PostgresSessionStore,
  ) {
    super();
  }

  days(tenantId: TenantId, from: string, to: string): Promise<AppDay[]> {
    // Not the marks alone: what is to be found may be that they are missing.
    return this.sql.query<{ tenantId: TenantId; appId: string; day: string }>(
      `select $1::uuid as "tenantId", app_id as "appId", day::text as day from (
         select app_id, day from analytics.touched_day where tenant_id = $1
         union
         select app_id, (occurred_at at time zone 'utc')::date as day from analytics.events where tenant_id = $1
       ) as known where day between $2::date and $3::date order by 2, 3`,
      [tenantId, from, to],
    );
  }

  async hold({ tenantId, appId }: AppKey): Promise<void> {
    // Where the row is missing, a consumer that makes it waits all the same.
    await this.sql.query(
      `insert into analytics.app_state as app (tenant_id, app_id, seq, newest_at) values ($1, $2, 0, to_timestamp(0))
       on conflict (tenant_id, app_id) do update set seq = app.seq`,
      [tenantId, appId],
    );
  }

  async eventsByQuarter({
    tenantId,
    appId,
    day,
  }: AppDay): Promise<readonly { bucket: string; events: number }[]> {
    return this.sql.query(
      `select ${BUCKET}, events from (
         select date_bin('15 minutes', occurred_at, 'epoch') as bucket, count(*)::int as events from analytics.events
         where ${OF_APP} and occurred_at >= $3::date::timestamp at time zone 'utc'
           and occurred_at < ($3::date + 1)::timestamp at time zone 'utc'
         group by 1) as quarter
       order by bucket`,
      [tenantId, appId, day],
    );
  }

  async rawEvents({ tenantId, appId }: AppKey, { from, to }: Span, of?: Visitors): Promise<RolledEvent[]> {
    const { condition, values } = visitorCondition(of, 5);
    const rows = await this.sql.query<RawRow>(
      `select ${RAW_COLUMNS} from analytics.events where ${OF_APP} and occurred_at >= $3 and occurred_at < $4 ${condition}`,
      [tenantId, appId, from, to, ...values],
    );
    return rows.map((row) => rolledOfRow(tenantId, appId, row));
  }

  quarters({ tenantId, appId }: AppKey, { from, to }: Span): Promise<StoredQuarter[]> {
    return this.sql.query<StoredQuarter>(
      `select event_type as "eventType", ${BUCKET}, events::float8 as events, users, sessions from analytics.quarter_rollup
       where ${OF_APP} and bucket >= $3 and bucket < $4`,
      [tenantId, appId, from, to],
    );
  }

  values({ tenantId, appId }: AppKey, { from, to }: Span): Promise<StoredValue[]> {
    return this.sql.query<StoredValue>(
      `select event_type as "eventType", dimension, ${BUCKET}, value, sum(events)::float8 as events from analytics.quarter_value
       where ${OF_APP} and bucket >= $3 and bucket < $4
       group by 1, 2, 3, 4`,
      [tenantId, appId, from, to],
    );
  }

  async correct({ tenantId, appId }: AppKey, { gone, made }: RollupCorrection): Promise<void> {
    for (const table of ['quarter_rollup', 'quarter_dimension'])
      await this.sql.query(
        `delete from analytics.${table} where ${OF_APP}
         and (event_type, bucket) in (select * from unnest($3::text[], $4::timestamptz[]))`,
        [
          tenantId,
          appId,
          textArray(gone.map(({ eventType }) => eventType)),
          plainArray(gone.map(({ bucket }) => bucket)),
        ],
      );
    const rows = made.map((quarter) => ({ ...quarter, tenantId }));
    if (rows.length > 0) await this.sql.query(ADD_QUARTERS, quarterColumns(rows));
    const values = DimensionRows.of(rows);
    values.crowded(() => 0).fit([]);
    if (!values.isEmpty) await this.sql.query(ADD_VALUES, values.columns());
  }

  async visits(
    { tenantId, appId }: AppKey,
    { from, to }: Span,
    of: Visitors,
    reaches: readonly VisitReach[],
  ): Promise<Visit[]> {
    const { condition, values } = visitorCondition(of, 5);
    const rows = await this.sql.query<SessionRow>(
      `select ${SESSION_COLUMNS} from analytics.sessions where ${OF_APP} and started_at < $4 and ended_at >= $3 ${condition}`,
      [tenantId, appId, from, to, ...values],
    );
    const visits = [...rows.map(visitOfRow), ...(await this.sessions.within(reaches))];
    return [...new Map(visits.map((visit) => [`${visit.visitor} ${visit.startedAt}`, visit])).values()];
  }

  replaceVisits({ removed, added }: VisitChanges): Promise<void> {
    return this.sessions.replace(removed, added);
  }
}

function visitorCondition(
  of: Visitors | undefined,
  parameter: number,
): { condition: string; values: unknown[] } {
  if (of === undefined) return { condition: '', values: [] };
  if ('least' in of)
    return {
      condition: `and visitor >= $${parameter} and visitor < $${parameter + 1}`,
      values: [of.least, of.below],
    };
  return { condition: `and visitor = any ($${parameter}::bigint[])`, values: [plainArray(of)] };
}
