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
 * CTE `built`: the days that are made beforehand, lie in [$3, $4) and are still good. $1 tenant, $2 application, $5 the zone of the
 * days; '' for none.
 */
export const BUILT = builtUnlessCutBy("'{}'::timestamptz[]");

/** The same without days that go beyond one of `cuts` (a timestamptz[], the expression): those of another zone than the cuts'. */
export function builtUnlessCutBy(cuts: string): string {
  return `
touched as materialized (
  select day, seq from analytics.touched_day
  where tenant_id = $1 and app_id = $2
    and day between ($3::timestamptz at time zone 'UTC')::date and ($4::timestamptz at time zone 'UTC')::date
), built as materialized (
  select b.day, b.starts_at, b.ends_at, b.made from analytics.day_built b
  where b.tenant_id = $1 and b.app_id = $2 and b.time_zone = $5 and b.starts_at >= $3 and b.ends_at <= $4
    and b.day between ($3::timestamptz at time zone 'UTC')::date - 1 and ($4::timestamptz at time zone 'UTC')::date + 1
    and case when b.seq >= coalesce((select max(t.seq) from touched t where t.day
        between (b.starts_at at time zone 'UTC')::date and ((b.ends_at - interval '1 microsecond') at time zone 'UTC')::date), 0)
      then true
      -- Only of the last days: what was repaired without a change of their quarters shows when they are no longer among them.
      when b.ends_at > now() - interval '2 days' then b.mark = ${markOfQuarters('b.starts_at', 'b.ends_at')}
      else false end
    and not exists (select from unnest(${cuts}) as cut where cut > b.starts_at and cut < b.ends_at)
)`;
}

/** CTE `gaps`: the times that what is in a CTE leaves to the quarters of an hour. */
export function gapsOf(cte: string): string {
  return `
gaps as materialized (
  select lower(gap) as since, upper(gap) as until
  from unnest(tstzmultirange(tstzrange($3, $4))
    - coalesce((select range_agg(tstzrange(starts_at, ends_at)) from ${cte}), '{}'::tstzmultirange)) as gap
)`;
}

export const BUILT_AND_GAPS = `${BUILT}, ${gapsOf('built')}`;

// Spans and days are numbered from here; how many days go before a date's own branch of a length.
const FIRST_DAY = (day: string, days: string) => `${day} - mod(${day} - date '1970-01-01', ${days})`;

/**
 * CTE `pieces`: the good days of `built` as the fewest days and spans; `part` says between which of `cuts` (a timestamptz[], the
 * expression; no piece goes beyond one) they lie. A span is good when its days are, and they are what it was made of.
 */
export function piecesOfDays(cuts: string): string {
  return `
placed as materialized (
  select *, width_bucket(starts_at, ${cuts}) as part from built
), good as materialized (
  select s.days, s.first_day, r.part from (
    select p.part, length as days, ${FIRST_DAY('p.day', 'length')} as first_day, count(*) as present, sum(p.made) as made
    from placed p cross join unnest(array[2, 4, 8, 16, 32]) as length
    group by 1, 2, 3) as r
  join analytics.span_built s on s.tenant_id = $1 and s.app_id = $2 and s.time_zone = $5
    and s.days = r.days and s.first_day = r.first_day and s.made = r.made
  where r.present = r.days
), longest as (
  select p.day, max(g.days) as days from placed p cross join unnest(array[2, 4, 8, 16, 32]) as length
  join good g on g.days = length and g.part = p.part and g.first_day = ${FIRST_DAY('p.day', 'length')}
  group by p.day
), pieces as materialized (
  select part, days, first_day, min(starts_at) as starts_at, max(ends_at) as ends_at from (
    select p.part, p.starts_at, p.ends_at, coalesce(l.days, 1) as days, ${FIRST_DAY('p.day', 'coalesce(l.days, 1)')} as first_day
    from placed p left join longest l using (day)) as chosen
  group by 1, 2, 3
)`;
}

/** CTE: the types that have quarters, found by one look at the index each. */
export const TYPES = `
types as (
  (select event_type from analytics.quarter_rollup where tenant_id = $1 and app_id = $2 order by event_type limit 1)
  union all
  select (select q.event_type from analytics.quarter_rollup q
    where q.tenant_id = $1 and q.app_id = $2 and q.event_type > types.event_type order by q.event_type limit 1)
  from types where types.event_type is not null
)`;
