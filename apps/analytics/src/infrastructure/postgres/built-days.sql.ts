/**
 * The versions of an application's quarters between two times, as a text that is another one after every change: each write and
 * each rewrite of a row gives it another xmin, and a row that went is not counted. Every event is in a row of all types.
 */
export function markOfQuarters(since: string, until: string): string {
  return `(select count(*) || ':' || coalesce(sum(hashint8extended(q.xmin::text::bigint, extract(epoch from q.bucket)::bigint)), 0)
    from analytics.quarter_rollup q
    where q.tenant_id = $1 and q.app_id = $2 and q.event_type = '*' and q.bucket >= ${since} and q.bucket < ${until})`;
}

/**
 * CTEs: `built`, the days that are made beforehand, lie in [$3, $4) and are still good, and `gaps`, the times that are left to the
 * quarters of an hour. $1 tenant, $2 application, $5 the zone of the days; '' for none.
 */
export const BUILT_AND_GAPS = `
touched as materialized (
  select day, seq from analytics.touched_day
  where tenant_id = $1 and app_id = $2
    and day between ($3::timestamptz at time zone 'UTC')::date and ($4::timestamptz at time zone 'UTC')::date
), built as materialized (
  select b.day, b.starts_at, b.ends_at from analytics.day_built b
  where b.tenant_id = $1 and b.app_id = $2 and b.time_zone = $5 and b.starts_at >= $3 and b.ends_at <= $4
    and b.day between ($3::timestamptz at time zone 'UTC')::date - 1 and ($4::timestamptz at time zone 'UTC')::date + 1
    and case when b.seq >= coalesce((select max(t.seq) from touched t where t.day
        between (b.starts_at at time zone 'UTC')::date and ((b.ends_at - interval '1 microsecond') at time zone 'UTC')::date), 0)
      then true
      -- Only of the last days: what was repaired without a change of their quarters shows when they are no longer among them.
      when b.ends_at > now() - interval '2 days' then b.mark = ${markOfQuarters('b.starts_at', 'b.ends_at')}
      else false end
), gaps as materialized (
  select lower(gap) as since, upper(gap) as until
  from unnest(tstzmultirange(tstzrange($3, $4))
    - coalesce((select range_agg(tstzrange(starts_at, ends_at)) from built), '{}'::tstzmultirange)) as gap
)`;

/** CTE: the types that have quarters, found by one look at the index each. */
export const TYPES = `
types as (
  (select event_type from analytics.quarter_rollup where tenant_id = $1 and app_id = $2 order by event_type limit 1)
  union all
  select (select q.event_type from analytics.quarter_rollup q
    where q.tenant_id = $1 and q.app_id = $2 and q.event_type > types.event_type order by q.event_type limit 1)
  from types where types.event_type is not null
)`;
