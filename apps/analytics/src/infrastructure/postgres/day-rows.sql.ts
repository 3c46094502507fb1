// $1 tenant, $2 application, $3 zone, $4 day, and what is told.

export const DROP_OTHERS = `
with of_others as (delete from analytics.day_built where tenant_id = $1 and app_id = $2 and time_zone <> $3 returning time_zone),
  rollups as (delete from analytics.day_rollup where tenant_id = $1 and app_id = $2 and time_zone in (select time_zone from of_others)),
  dimensions as (delete from analytics.day_dimension where tenant_id = $1 and app_id = $2 and time_zone in (select time_zone from of_others))
select 1`;

export const FORGET_DAY = `
with built as (delete from analytics.day_built where (tenant_id, app_id, time_zone, day) = ($1, $2, $3, $4)),
  rollups as (delete from analytics.day_rollup where (tenant_id, app_id, time_zone, day) = ($1, $2, $3, $4)),
  dimensions as (delete from analytics.day_dimension where (tenant_id, app_id, time_zone, day) = ($1, $2, $3, $4))
select 1`;

export const KEEP_ROLLUP = `
insert into analytics.day_rollup
  (tenant_id, app_id, time_zone, day, event_type, events, user_count, session_count, users, sessions, hour_events, hour_users, hour_sessions)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::bigint[], $12::bigint[], $13::bigint[])`;

export const KEEP_DAY = `
insert into analytics.day_built (tenant_id, app_id, time_zone, day, starts_at, ends_at, seq, mark)
values ($1, $2, $3, $4, $5, $6, $7, $8)`;

/** $5 from, $6 to, $7 the types. All of them together are counted apart: a value may be rare in each and frequent in all. */
export const KEEP_DIMENSIONS = `
insert into analytics.day_dimension (tenant_id, app_id, time_zone, day, event_type, dimension, value, events)
with counted as materialized (
  select type, dimension, value, sum(events) as events
  from unnest($7::text[]) as type
  cross join unnest(array['device', 'browser', 'os', 'country', 'referrer', 'url']) as dimension
  cross join lateral (select q.value, q.events from analytics.quarter_value q
    where q.tenant_id = $1 and q.app_id = $2 and q.event_type = type and q.dimension = dimension.dimension
      and q.bucket >= $5 and q.bucket < $6 offset 0) as quarter
  group by type, dimension, value
), together as (
  select type, dimension, value, events from counted
  union all
  select '*', dimension, value, sum(events) from counted group by dimension, value
), ranked as (
  select *, row_number() over (partition by type, dimension order by value is null, events desc, value collate "C") <= 1000
    as among_first from together
)
select $1, $2, $3, $4, type, dimension, case when among_first then value end, sum(events)
from ranked group by type, dimension, case when among_first then value end`;

/** Who makes a day, and who takes it away for good. */
export function dayLock(tenantId: string, appId: string, day: string): string {
  return `analytics.day ${tenantId} ${appId} ${day}`;
}
