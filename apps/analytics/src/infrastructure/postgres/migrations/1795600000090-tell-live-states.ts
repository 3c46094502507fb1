import { OWNER_ROLE } from '@libs/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the applications that somebody watches have come, whosever they are, in one look. */
export class TellLiveStates1795600000090 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(STATES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop function analytics.live_states(uuid[], uuid[]);
drop policy live on analytics.rebuild_day;
drop policy live on analytics.app_state;`);
  }
}

// An instance looks every second for all of its listeners; a transaction a tenant would be three round trips for each. It looks as
// the owner, and only numbers come out. All that is stored of an application changes under its seq, but for what an erasure deletes:
// that is told by its marks, until the days are made again, which changes seq.
const STATES = `
create policy live on analytics.app_state for select to ${OWNER_ROLE} using (true);
create policy live on analytics.rebuild_day for select to ${OWNER_ROLE} using (true);
create function analytics.live_states(tenants uuid[], apps uuid[])
  returns table (tenant_id uuid, app_id uuid, seq text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$
    select watched.tenant_id, watched.app_id, coalesce(state.seq, 0)::text || coalesce((
      select '+' || string_agg(extract(day from day) || '.' || marks, '+' order by day) from analytics.rebuild_day marked
      where (marked.tenant_id, marked.app_id) = (watched.tenant_id, watched.app_id)
        and day >= (now() at time zone 'utc')::date - 1), '')
    from unnest(tenants, apps) as watched (tenant_id, app_id)
    left join analytics.app_state state using (tenant_id, app_id)
  $$;
revoke all on function analytics.live_states(uuid[], uuid[]) from public;
grant execute on function analytics.live_states(uuid[], uuid[]) to analytics_api;
`;
