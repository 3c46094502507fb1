import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How sessions are found by their visitors, whatever PostgreSQL knows of the table, or does not. */
export class FindSessionsByKey1795600000120 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(WITHIN);
    await runner.query(REMOVE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop function analytics.remove_sessions(uuid[], uuid[], bigint[], timestamptz[]);
drop function analytics.sessions_within(uuid[], uuid[], bigint[], timestamptz[], timestamptz[]);`);
  }
}

// Three indexes begin with the application. In a table without statistics, or with old ones, they cost the same on paper, and by
// the wrong one each visitor reads everybody's sessions: a second of events took minutes. What is asked for in the order of
// (visitor, started_at) only the primary key gives without sorting, and sorting is switched off. `= any (array[…])`: with `=`
// PostgreSQL would know that there is but one visitor, and take the order of started_at alone.
const SETTINGS = `set enable_sort = off set search_path = pg_catalog, pg_temp`;

// A visitor's sessions do not overlap, so of those that began before a reach only the last one can end within it.
const WITHIN = `
create function analytics.sessions_within(tenants uuid[], apps uuid[], visitors bigint[], afters timestamptz[], befores timestamptz[])
  returns setof analytics.sessions language sql stable ${SETTINGS} as $$
select session.*
from unnest(tenants, apps, visitors, afters, befores) as reach (of_tenant, of_app, of_visitor, after, before)
cross join lateral (
  (select * from analytics.sessions
   where tenant_id = of_tenant and app_id = of_app and visitor = any (array[of_visitor]) and started_at <= after
   order by visitor desc, started_at desc limit 1)
  union all
  (select * from analytics.sessions
   where tenant_id = of_tenant and app_id = of_app and visitor = any (array[of_visitor]) and started_at > after and started_at < before
   order by visitor desc, started_at desc)
) as session
where (session.ended_at > after) is true
$$;
revoke all on function analytics.sessions_within(uuid[], uuid[], bigint[], timestamptz[], timestamptz[]) from public;
grant execute on function analytics.sessions_within(uuid[], uuid[], bigint[], timestamptz[], timestamptz[]) to analytics_worker;
`;

const REMOVE = `
create function analytics.remove_sessions(tenants uuid[], apps uuid[], visitors bigint[], starts timestamptz[])
  returns void language sql ${SETTINGS} as $$
delete from analytics.sessions where ctid = any (array(
  select gone.ctid
  from unnest(tenants, apps, visitors, starts) as key (of_tenant, of_app, of_visitor, start)
  cross join lateral (
    select ctid from analytics.sessions
    where tenant_id = of_tenant and app_id = of_app and visitor = any (array[of_visitor]) and started_at = start
    order by visitor
  ) as gone))
$$;
revoke all on function analytics.remove_sessions(uuid[], uuid[], bigint[], timestamptz[]) from public;
grant execute on function analytics.remove_sessions(uuid[], uuid[], bigint[], timestamptz[]) to analytics_worker;
`;
