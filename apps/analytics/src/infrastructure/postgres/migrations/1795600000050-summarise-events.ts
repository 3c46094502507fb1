import { OWNER_ROLE } from '@libs/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const SIGNATURE = 'uuid, jsonb[], timestamptz, timestamptz, text, text, integer';

/** Summaries of the raw events that have certain metadata. */
export class SummariseEvents1795600000050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SUMMARISE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop function analytics.summarise_events(${SIGNATURE});
drop policy by_metadata on analytics.events;`);
  }
}

// Containment is not leakproof, so under row-level security no index can serve it: this looks as the owner, whom a policy lets see
// every row, and says itself whose rows they are. Only sums come out of it. occurred_at is at most 31 days from "timestamp", which
// says which months to look in.
const SUMMARISE = `
create policy by_metadata on analytics.events for select to ${OWNER_ROLE} using (true);
create function analytics.summarise_events(of_app uuid, wanted jsonb[], since timestamptz, until timestamptz, of_type text,
    dimension text, most integer)
  returns table (part text, key text, events bigint, users bigint, sessions bigint)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
  as $$
begin
  if dimension is not null and dimension not in ('device', 'browser', 'os', 'country', 'referrer', 'url') then
    raise exception 'no dimension is called %', dimension using errcode = 'invalid_parameter_value';
  end if;
  return query execute 'with found as materialized (
      select event_type, visitor, session, ' || case when dimension is null then 'null::text' else format('coalesce(%I, '''')', dimension) end || ' as value
      from analytics.events where tenant_id = $1 and app_id = $2 and ('
    || (select string_agg(format('metadata @> $3[%s]', n), ' or ') from generate_subscripts(wanted, 1) as n)
    || $and$) and "timestamp" >= $4 - interval '32 days' and "timestamp" < $5 + interval '32 days'
        and occurred_at >= $4 and occurred_at < $5$and$
    || case when of_type is null then '' else ' and event_type = $6' end
    || $parts$)
    select 'total', null::text, count(*), count(distinct visitor), count(distinct session) from found
    union all
    select * from (select 'type', event_type, count(*), null::bigint, null::bigint from found
      group by event_type order by count(*) desc, event_type collate "C" limit 1000) by_type$parts$
    || case when dimension is null then '' else $parts$
    union all
    select * from (select 'value', value, count(*), null::bigint, null::bigint from found
      group by value order by count(*) desc, value collate "C" limit $7) by_value$parts$ end
    using app.tenant_id(), of_app, wanted, since, until, of_type, most;
end $$;
revoke all on function analytics.summarise_events(${SIGNATURE}) from public;
grant execute on function analytics.summarise_events(${SIGNATURE}) to analytics_api;
`;
