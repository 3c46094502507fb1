// $1 tenant, $2 application, $3 zone, $4 days, $5 first day, and what is told.

export const FORGET_SPAN = `
with built as (delete from analytics.span_built where (tenant_id, app_id, time_zone, days, first_day) = ($1, $2, $3, $4, $5)),
  rollups as (delete from analytics.span_rollup where tenant_id = $1 and app_id = $2 and time_zone = $3 and days = $4 and first_day = $5),
  dimensions as (delete from analytics.span_dimension where tenant_id = $1 and app_id = $2 and time_zone = $3 and days = $4 and first_day = $5)
select 1`;

export const KEEP_SPAN = `
insert into analytics.span_built (tenant_id, app_id, time_zone, days, first_day, made, made_at) values ($1, $2, $3, $4, $5, $6, $7)`;

export const KEEP_SPAN_ROLLUP = `
insert into analytics.span_rollup (tenant_id, app_id, time_zone, days, first_day, event_type, events, users, sessions)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

/** Whether the halves are still what the span is to be made of: $6, the number of its days. */
export const HALVES_ARE_GOOD = `
select pg_try_advisory_xact_lock(hashtextextended($7, 0)) and $6::bigint = case $4::int
  when 2 then (select case when count(*) = 2 then sum(made) end from analytics.day_built
    where tenant_id = $1 and app_id = $2 and time_zone = $3 and day in ($5::date, $5::date + 1))
  else (select case when count(*) = 2 then sum(made) end from analytics.span_built
    where tenant_id = $1 and app_id = $2 and time_zone = $3 and days = $4::int / 2 and first_day in ($5::date, $5::date + $4::int / 2))
  end as good`;

function halvesOf(table: 'rollup' | 'dimension', days: number): string {
  const key = 'tenant_id = $1 and app_id = $2 and time_zone = $3';
  return days === 2
    ? `analytics.day_${table} where ${key} and day in ($5::date, $5::date + 1) and $4::int = 2`
    : `analytics.span_${table} where ${key} and days = $4::int / 2 and first_day in ($5::date, $5::date + $4::int / 2)`;
}

export function halvesSql(days: number): string {
  return `select event_type, events, encode(users, 'base64') as users, encode(sessions, 'base64') as sessions
from ${halvesOf('rollup', days)} order by event_type`;
}

/** As a day has them: the 1,000 most frequent by type and dimension, and the remainder. */
export function keepDimensionsSql(days: number): string {
  return `
insert into analytics.span_dimension (tenant_id, app_id, time_zone, days, first_day, event_type, dimension, value, events)
with counted as (
  select event_type, dimension, value, sum(events) as events from ${halvesOf('dimension', days)} group by 1, 2, 3
), ranked as (
  select *, row_number() over (partition by event_type, dimension order by value is null, events desc, value collate "C") <= 1000
    as among_first from counted
)
select $1, $2, $3, $4, $5, event_type, dimension, case when among_first then value end, sum(events)
from ranked group by event_type, dimension, case when among_first then value end`;
}

const OF_OTHER_ZONES = 'where tenant_id = $1 and app_id = $2 and time_zone <> $3';

/** $1 tenant, $2 application, $3 the zone whose spans stay. */
export const DROP_OTHER_SPANS = `
with rollups as (delete from analytics.span_rollup ${OF_OTHER_ZONES}),
  dimensions as (delete from analytics.span_dimension ${OF_OTHER_ZONES})
delete from analytics.span_built ${OF_OTHER_ZONES}`;

/** Who makes spans of an application, and who takes days away from it for good: one at a time. */
export function spansLock(tenantId: string, appId: string): string {
  return `analytics.spans ${tenantId} ${appId}`;
}
