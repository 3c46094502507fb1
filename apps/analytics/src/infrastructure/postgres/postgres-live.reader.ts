import { Injectable } from '@nestjs/common';
import { plainArray } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { LiveCounts, LiveValue } from '../../application/live/live-counts';
import { LiveLook, LiveReader, LiveState, WatchedApp } from '../../application/live/live.reader';
import { ReportTransaction } from '../../application/report-transaction';
import { DEFAULT_ZONE } from '../../application/tenant-zones';
import { QUARTER_MS } from '../../domain/rollup-delta';
import { uniqueCount } from '../../domain/unique-count';
import { ReportSql } from './report-sql';

const TOP = 10;
const HALF_HOUR_MS = 30 * 60_000;
/** occurred_at is at most 31 days from "timestamp", which says which months to look in. */
const SKEW = `interval '32 days'`;

const LOOK = `
select clock_timestamp() as clock, tenant_id as "tenantId", app_id as "appId", seq
from (select 1) as always left join analytics.live_states($1::uuid[], $2::uuid[]) on true`;

/** Active visitors by a value: '' where nothing is known. Which ones are told does not depend on a collation. */
const valuesOf = (part: string, column: string): string => `
select app_id, '${part}', value, visitors from (
  select app_id, coalesce(${column}, '') as value, count(distinct visitor) as visitors,
    row_number() over (partition by app_id order by count(distinct visitor) desc, coalesce(${column}, '') collate "C") as place
  from visits where active group by 1, 2) as counted
where place <= ${TOP}`;

const EVENTS = `select count(*) from analytics.events event where tenant_id = $1 and event.app_id = wanted.app_id
      and "timestamp" > $3::timestamptz - ${SKEW} and "timestamp" < $3::timestamptz + ${SKEW}`;

// $1 tenant, $2 applications, $3 as of, $4 the quarter's boundary nearest to the beginning of the half hour. Sessions and events that
// are stored already and happen after $3 do not count yet.
const COUNTS = `
with wanted as (select unnest($2::uuid[]) as app_id),
visits as materialized (
  select wanted.app_id, visitor, ended_at > $3::timestamptz - interval '5 minutes' as active, exit_url, country, device
  from wanted, lateral (
    select * from analytics.sessions session
    where tenant_id = $1 and session.app_id = wanted.app_id and ended_at > $3::timestamptz - interval '30 minutes'
      and started_at <= $3::timestamptz) as visit),
recent as (
  select app_id, (
    -- whole quarters, and raw events between the boundary that is nearest and where the half hour begins
    (select coalesce(sum(events), 0) from analytics.quarter_rollup quarter
      where tenant_id = $1 and quarter.app_id = wanted.app_id and event_type = '*' and bucket >= $4::timestamptz and bucket <= $3::timestamptz)
    + case when $4::timestamptz < first.counted then -1 else 1 end * (${EVENTS}
      and occurred_at >= least($4::timestamptz, first.counted) and occurred_at < greatest($4::timestamptz, first.counted))
    - (${EVENTS} and occurred_at > $3::timestamptz and occurred_at < date_bin('15 minutes', $3::timestamptz, 'epoch') + interval '15 minutes')
  )::bigint as half_hour, (${EVENTS} and occurred_at > $3::timestamptz - interval '1 minute' and occurred_at <= $3::timestamptz) as minute
  from wanted, (select $3::timestamptz - interval '30 minutes' + interval '1 microsecond' as counted) as first)
select app_id as "appId", 'seq' as part, seq as key, 0::bigint as count
from analytics.live_states(array_fill($1::uuid, array[cardinality($2::uuid[])]), $2::uuid[])
union all select null, 'zone', time_zone, 0 from analytics.tenant_zone where tenant_id = $1
union all select app_id, 'half hour', null, greatest(half_hour, 0) from recent
union all select app_id, 'minute', null, minute from recent
union all select app_id, 'sessions', null, count(*) from visits group by app_id
union all select app_id, 'visitors', null, count(distinct visitor) from visits where active group by app_id
union all ${valuesOf('page', 'exit_url')}
union all ${valuesOf('country', 'country')}
union all ${valuesOf('device', 'device')}`;

type Figure =
  'seq' | 'zone' | 'half hour' | 'minute' | 'sessions' | 'visitors' | 'page' | 'country' | 'device';

interface Row {
  appId: string | null;
  part: Figure;
  key: string | null;
  count: string;
}

@Injectable()
export class PostgresLiveReader extends LiveReader {
  constructor(
    private readonly transaction: ReportTransaction,
    private readonly sql: ReportSql,
  ) {
    super();
  }

  async look(apps: readonly WatchedApp[]): Promise<LiveLook> {
    const rows = await this.sql.query<LiveState & { clock: Date }>(LOOK, [
      plainArray(apps.map(({ tenantId }) => tenantId)),
      plainArray(apps.map(({ appId }) => appId)),
    ]);
    const clock = rows[0]?.clock;
    if (!clock) throw new Error('the database told no time');
    return { clock, states: rows.filter(({ appId }) => appId !== null) };
  }

  async counts(tenantId: TenantId, appIds: readonly string[], asOf: Date): Promise<LiveCounts[]> {
    const rows = await this.transaction.runFor([tenantId], async () => {
      // compiling the statement would cost more than running it
      await this.sql.query(
        `select set_config('jit', 'off', true), set_config('statement_timeout', '5s', true)`,
        [],
      );
      return this.sql.query<Row>(COUNTS, [
        tenantId,
        plainArray(appIds),
        asOf,
        nearestQuarter(asOf.getTime() - HALF_HOUR_MS),
      ]);
    });
    const timeZone = rows.find(({ part }) => part === 'zone')?.key ?? DEFAULT_ZONE;
    const ofApps = Map.groupBy(rows, ({ appId }) => appId);
    return appIds.map((appId) => liveCounts({ appId, timeZone, asOf }, ofApps.get(appId) ?? []));
  }
}

function liveCounts(
  { appId, timeZone, asOf }: { appId: string; timeZone: string; asOf: Date },
  rows: readonly Row[],
): LiveCounts {
  const parts = Map.groupBy(rows, ({ part }) => part);
  const figure = (part: Figure): number => Number(parts.get(part)?.[0]?.count ?? 0);
  const values = (part: Figure): LiveValue[] =>
    (parts.get(part) ?? [])
      .map(({ key, count }) => ({ value: key ?? '', visitors: Number(count) }))
      .sort((a, b) => b.visitors - a.visitors || (a.value < b.value ? -1 : 1));
  return {
    appId,
    timeZone,
    asOf: asOf.toISOString(),
    seq: parts.get('seq')?.[0]?.key ?? '0',
    activeVisitors: uniqueCount({ count: figure('visitors'), exact: true }),
    activeSessions: figure('sessions'),
    eventsLastMinute: figure('minute'),
    eventsLast30Minutes: figure('half hour'),
    pages: values('page'),
    countries: values('country'),
    devices: values('device'),
  };
}

/** The events between are counted one by one: of seven and a half minutes at most. */
function nearestQuarter(ms: number): Date {
  return new Date(Math.round(ms / QUARTER_MS) * QUARTER_MS);
}
