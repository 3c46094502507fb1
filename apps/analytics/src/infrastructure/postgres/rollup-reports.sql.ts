import { BUILT, BUILT_AND_GAPS, builtUnlessCutBy, gapsOf, piecesOfDays, TYPES } from './built-days.sql';

// Of every statement here: $1 tenant, $2 application, $3 from, $4 to, $5 zone of the days, $6 event type.
// `offset 0` has every piece and gap looked up by itself: the planner, which cannot know how few they are, would read all history.
const OF_ZONE = 'tenant_id = $1 and app_id = $2 and time_zone = $5';

function ofPieces(columns: string, table: 'rollup' | 'dimension', of = 'event_type = $6'): string {
  return `pieces p
  cross join lateral (
    select ${columns} from analytics.day_${table} where ${OF_ZONE} and ${of} and p.days = 1 and day = p.first_day
    union all
    select ${columns} from analytics.span_${table} where ${OF_ZONE} and ${of} and p.days > 1 and days = p.days and first_day = p.first_day
    offset 0) d`;
}

function ofGaps(columns: string, table: 'rollup' | 'dimension', of = 'event_type = $6'): string {
  return `gaps g
  cross join lateral (select ${columns} from analytics.${table === 'rollup' ? 'quarter_rollup' : 'quarter_value'}
    where tenant_id = $1 and app_id = $2 and ${of} and bucket >= g.since and bucket < g.until offset 0) q`;
}

const DAYS = `built b
  cross join lateral (select * from analytics.day_rollup
    where ${OF_ZONE} and event_type = $6 and day = b.day offset 0) d`;
const SKETCHES = 'events, users, sessions';

/** Pieces of the time with their sketches; none goes beyond one of the instants $7. */
export const PIECES = `with ${builtUnlessCutBy('$7::timestamptz[]')}, ${gapsOf('built')}, ${piecesOfDays('$7::timestamptz[]')}
select p.starts_at, p.ends_at, d.* from ${ofPieces(SKETCHES, 'rollup')}
union all
select q.bucket, q.bucket + interval '15 minutes', q.events, q.users, q.sessions from ${ofGaps(`bucket, ${SKETCHES}`, 'rollup')}`;

const TOTAL = `
select 'total' as part, null::text as key, d.* from ${ofPieces(SKETCHES, 'rollup')}
union all
select 'total', null, q.* from ${ofGaps(SKETCHES, 'rollup')}`;

// One look at the types that there are, then each by itself: what other types have is not read.
const BY_TYPE = `
select * from (
  select 'type', event_type, sum(events)::bigint as events, null::bytea, null::bytea from (
    select t.event_type, d.events from types t cross join ${ofPieces('events', 'rollup', 'event_type = t.event_type')}
    where t.event_type <> '*'
    union all
    select t.event_type, q.events from types t cross join ${ofGaps('events', 'rollup', 'event_type = t.event_type')}
    where t.event_type <> '*'
  ) as counted
  group by event_type order by sum(events) desc, event_type collate "C" limit 1000
) as by_type`;

/**
 * $7 dimension, $8 how many. Quarters have dimensions by type only, days of all types, too. First, where there is any, comes what
 * has no name any more: it may have been of any value.
 */
function values(allTypes: boolean): string {
  const ofType = allTypes ? 'event_type = t.event_type' : 'event_type = $6';
  return `
select * from (
  select case when value is null then 'folded' else 'value' end, value, sum(events)::bigint as events, null::bytea, null::bytea from (
    select d.value, d.events from ${ofPieces('value, events', 'dimension', 'event_type = $6 and dimension = $7')}
    union all
    select q.value, q.events from ${allTypes ? 'types t cross join' : ''} ${ofGaps('value, events', 'dimension', `${ofType} and dimension = $7`)}
  ) as counted
  group by value order by value is null desc, sum(events) desc, value collate "C" limit $8 + 1
) as by_value`;
}

export function summarySql({ allTypes, breakdown }: { allTypes: boolean; breakdown: boolean }): string {
  const parts = [TOTAL];
  if (allTypes) parts.push(BY_TYPE);
  if (breakdown) parts.push(values(allTypes));
  return `${head(allTypes)} ${parts.join('\nunion all')}`;
}

export function topSql({ allTypes }: { allTypes: boolean }): string {
  return `${head(allTypes)}
select 'total' as part, null::text as key, sum(events)::bigint as events, null::bytea as users, null::bytea as sessions from (
  select d.events from ${ofPieces('events', 'rollup')} union all select q.events from ${ofGaps('events', 'rollup')}) as counted
union all ${values(allTypes)}`;
}

/** $7 and $8: where the intervals begin and end. A day that is an interval of its own tells its counts, all else its sketches. */
export function timelineSql({ uniques }: { uniques: boolean }): string {
  const ofDay = `d.events,
    case when whole then d.user_count end as user_count, case when whole then d.session_count end as session_count,
    ${uniques ? 'case when not whole then d.users end as users, case when not whole then d.sessions end as sessions' : 'null::bytea as users, null::bytea as sessions'}`;
  return `with ${BUILT_AND_GAPS}
select at, ${ofDay} from ${DAYS}
cross join lateral (select width_bucket(b.starts_at, $7::timestamptz[]) as at) as place
cross join lateral (select b.starts_at = ($7::timestamptz[])[at] and b.ends_at = ($8::timestamptz[])[at] as whole) as kind
union all
${ofQuarters(uniques)}`;
}

// Good days whose hours are known and begin where the intervals do; of today as many as are intervals, and all that is in the last one.
const HOURLY = `
hourly as materialized (
  select b.starts_at, i.ends_at, place.at, d.hour_events, d.hour_users, d.hour_sessions from built b
  cross join lateral (select width_bucket(b.starts_at, $7::timestamptz[]) as at offset 0) as place
  cross join lateral (
    select max(upper) as ends_at, bool_and(mod(extract(epoch from lower - b.starts_at), 3600) = 0) as are_hours
    from unnest(($7::timestamptz[])[at:at + 30], ($8::timestamptz[])[at:at + 30]) as of_day (lower, upper)
    where upper <= b.ends_at) as i
  left join lateral (
    select true as present, hour_events, hour_users, hour_sessions from analytics.day_rollup
    where ${OF_ZONE} and event_type = $6 and day = b.day offset 0) d on true
  where i.are_hours and (d.present is null or d.hour_events is not null)
)`;

/** As `timelineSql`, for intervals of at most an hour. */
export function hourlySql({ uniques }: { uniques: boolean }): string {
  return `with ${BUILT}, ${HOURLY}, ${gapsOf('hourly')}
select (at + place - 1)::integer as at, hour.events, hour.users as user_count, hour.sessions as session_count,
  null::bytea as users, null::bytea as sessions
from hourly h
cross join lateral unnest(hour_events, hour_users, hour_sessions) with ordinality as hour (events, users, sessions, place)
where h.starts_at + (place - 1) * interval '1 hour' < h.ends_at
union all
${ofQuarters(uniques)}`;
}

function ofQuarters(uniques: boolean): string {
  return uniques
    ? `select width_bucket(q.bucket, $7::timestamptz[]), q.events, null, null, q.users, q.sessions from ${ofGaps(`bucket, ${SKETCHES}`, 'rollup')}`
    : `select width_bucket(q.bucket, $7::timestamptz[]), sum(q.events)::bigint, null, null, null, null
from ${ofGaps('bucket, events', 'rollup')} group by 1`;
}

function head(allTypes: boolean): string {
  const days = `${BUILT_AND_GAPS}, ${piecesOfDays("'{}'::timestamptz[]")}`;
  return allTypes ? `with recursive ${TYPES}, ${days}` : `with ${days}`;
}
