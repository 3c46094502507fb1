import { BUILT_AND_GAPS, TYPES } from './built-days.sql';

// Of every statement here: $1 tenant, $2 application, $3 from, $4 to, $5 zone of the days, $6 event type.
const DAYS = `built b
  cross join lateral (select * from analytics.day_rollup d
    where d.tenant_id = $1 and d.app_id = $2 and d.time_zone = $5 and d.event_type = $6 and d.day = b.day) d`;
const QUARTERS = `gaps g
  cross join lateral (select * from analytics.quarter_rollup q
    where q.tenant_id = $1 and q.app_id = $2 and q.event_type = $6 and q.bucket >= g.since and q.bucket < g.until) q`;

// As bytea they would come in hexadecimal: half as long again, and a month of them slow to read.
function sketchesOf(row: string): string {
  return `encode(${row}.users, 'base64') as users, encode(${row}.sessions, 'base64') as sessions`;
}

/** Pieces of the time with their sketches. */
export const PIECES = `with ${BUILT_AND_GAPS}
select b.starts_at, b.ends_at, d.events, ${sketchesOf('d')} from ${DAYS}
union all
select q.bucket, q.bucket + interval '15 minutes', q.events, ${sketchesOf('q')} from ${QUARTERS}`;

const TOTAL = `
select 'total' as part, null as key, d.events, ${sketchesOf('d')} from ${DAYS}
union all
select 'total', null, q.events, ${sketchesOf('q')} from ${QUARTERS}`;

const BY_TYPE = `
select * from (
  select 'type', event_type, sum(events)::bigint as events, null::text, null::text from (
    select d.event_type, d.events from analytics.day_rollup d
    where d.tenant_id = $1 and d.app_id = $2 and d.time_zone = $5 and d.event_type <> '*'
      and d.day = any (array(select day from built))
    union all
    select q.event_type, q.events from types t cross join gaps g
    cross join lateral (select * from analytics.quarter_rollup q
      where q.tenant_id = $1 and q.app_id = $2 and q.event_type = t.event_type and q.bucket >= g.since and q.bucket < g.until) q
    where t.event_type <> '*'
  ) as counted
  group by event_type order by sum(events) desc, event_type collate "C" limit 1000
) as by_type`;

/** $7 dimension, $8 how many. Quarters have dimensions by type only, days of all types, too. */
function values(allTypes: boolean): string {
  return `
select * from (
  select 'value', value, sum(events)::bigint as events, null::text, null::text from (
    select d.value, d.events from built b
    cross join lateral (select * from analytics.day_dimension d
      where d.tenant_id = $1 and d.app_id = $2 and d.time_zone = $5 and d.event_type = $6 and d.dimension = $7 and d.day = b.day) d
    union all
    select q.value, q.events from ${allTypes ? 'types t cross join' : ''} gaps g
    cross join lateral (select * from analytics.quarter_dimension q
      where q.tenant_id = $1 and q.app_id = $2 and q.event_type = ${allTypes ? 't.event_type' : '$6'} and q.dimension = $7
        and q.bucket >= g.since and q.bucket < g.until) q
  ) as counted
  where value is not null
  group by value order by sum(events) desc, value collate "C" limit $8
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
select 'total' as part, null as key, sum(events)::bigint as events, null::text as users, null::text as sessions from (
  select d.events from ${DAYS} union all select q.events from ${QUARTERS}) as counted
union all ${values(allTypes)}`;
}

/** $7 and $8: where the intervals begin and end. A day that is an interval of its own tells its counts, all else its sketches. */
export function timelineSql({ uniques }: { uniques: boolean }): string {
  const ofDay = `d.events,
    case when whole then d.user_count end as user_count, case when whole then d.session_count end as session_count,
    ${uniques ? "case when not whole then encode(d.users, 'base64') end as users, case when not whole then encode(d.sessions, 'base64') end as sessions" : 'null::text as users, null::text as sessions'}`;
  const ofQuarters = uniques
    ? `select width_bucket(q.bucket, $7::timestamptz[]), q.events, null, null, ${sketchesOf('q')} from ${QUARTERS}`
    : `select width_bucket(q.bucket, $7::timestamptz[]), sum(q.events)::bigint, null, null, null, null from ${QUARTERS} group by 1`;
  return `with ${BUILT_AND_GAPS}
select at, ${ofDay} from ${DAYS}
cross join lateral (select width_bucket(b.starts_at, $7::timestamptz[]) as at) as place
cross join lateral (select b.starts_at = ($7::timestamptz[])[at] and b.ends_at = ($8::timestamptz[])[at] as whole) as kind
union all
${ofQuarters}`;
}

function head(allTypes: boolean): string {
  return allTypes ? `with recursive ${TYPES}, ${BUILT_AND_GAPS}` : `with ${BUILT_AND_GAPS}`;
}
