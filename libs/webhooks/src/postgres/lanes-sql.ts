import { OWNER_ROLE } from '@libs/database';

export interface LaneOptions {
  workerRoles: readonly string[];
  /** The table of tenants, with `tenant_id` and `status`: of one that is `suspended` everything waits. */
  tenants: string;
}

/**
 * SQL for a migration, after that of `webhookSql`: deliveries are claimed in lanes. A lane is some deliveries of one webhook that a
 * process sends one after the other; at once means as many as there are lanes, so the bound on a webhook is as exact as before, and a
 * claim is for many deliveries.
 */
export function webhookLanesSql(schema: string, { workerRoles, tenants }: LaneOptions): string {
  const [hook, delivery] = [`${schema}.webhook`, `${schema}.webhook_delivery`];
  const workers = workerRoles.join(', ');
  const claim = `${schema}.claim_webhook_lanes`;
  return `
-- of one webhook, from 1; of what is leased
alter table ${delivery} add column lane smallint;
create policy waiting_webhooks on ${tenants} for select to ${OWNER_ROLE} using (status = 'suspended');

-- Takes lanes of deliveries that are due: of each webhook no more than \`per_webhook\` at once, whoever sends them, and one alone of a
-- webhook that keeps failing; of all webhooks that fail or are slow no more than \`suspects\`, so that they leave room for the others,
-- and of these a lane is one delivery. Whose tenant has the fewest lanes comes first, then one of each webhook before the second of
-- any. Claims go one after the other, so that what is counted is so. What is due of a suspended tenant waits.
create function ${claim}(most integer, per_webhook integer, suspects integer, depth integer, lease interval)
  returns table (tenant_id uuid, id uuid, webhook_id uuid, lane smallint, attempts integer, suspect boolean, due_at timestamptz)
  language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
#variable_conflict use_column
begin
  perform pg_advisory_xact_lock(hashtext('${delivery}'));
  return query
  with recursive waiting as (
    (select d.tenant_id, d.webhook_id from ${delivery} d where d.status = 'waiting' order by 1, 2 limit 1)
    union all
    select n.tenant_id, n.webhook_id from waiting w cross join lateral (
      select d.tenant_id, d.webhook_id from ${delivery} d
      where d.status = 'waiting' and (d.tenant_id, d.webhook_id) > (w.tenant_id, w.webhook_id)
      order by 1, 2 limit 1) n
  ), leased as materialized (
    select distinct d.tenant_id, d.webhook_id, coalesce(d.lane, 0) as lane from ${delivery} d where d.lease_until > clock_timestamp()
  ), ready as materialized (
    select w.tenant_id, w.id as webhook_id, w.failures > 0 or w.slow as suspect,
      (select count(*) from leased l where l.tenant_id = w.tenant_id) as under_way,
      (case when w.failures >= 3 then 1 else per_webhook end)
        - (select count(*) from leased l where l.tenant_id = w.tenant_id and l.webhook_id = w.id) as room
    from waiting join ${hook} w on w.tenant_id = waiting.tenant_id and w.id = waiting.webhook_id
    where w.status = 'active' and (w.resting_until is null or w.resting_until <= clock_timestamp())
      and not exists (select from ${tenants} t where t.tenant_id = w.tenant_id and t.status = 'suspended')
  ), first as (
    select r.suspect, r.under_way, r.webhook_id, d.tenant_id, d.id, d.next_try_at,
      row_number() over (partition by r.tenant_id, r.webhook_id order by d.next_try_at, d.id) as nth
    from ready r cross join lateral (
      select d.tenant_id, d.id, d.next_try_at from ${delivery} d
      where d.tenant_id = r.tenant_id and d.webhook_id = r.webhook_id and d.status = 'waiting'
        and d.next_try_at <= clock_timestamp()
      order by d.next_try_at, d.id limit greatest(r.room, 0)) d
  ), in_turn as (
    select first.*, under_way + row_number() over (partition by first.tenant_id order by nth, suspect, next_try_at, id) as turn from first
  ), chosen as (
    select c.tenant_id, c.webhook_id, c.suspect from (
      select in_turn.*, row_number() over (partition by in_turn.suspect order by turn, next_try_at, id) as place from in_turn) c
    where not c.suspect or c.place <= suspects
    order by c.turn, c.suspect, c.next_try_at limit most
  ), lanes as materialized (
    select c.tenant_id, c.webhook_id, c.suspect, count(*)::integer as wide,
      array(select n from generate_series(1, per_webhook) n
            where not exists (select from leased l where l.tenant_id = c.tenant_id and l.webhook_id = c.webhook_id and l.lane = n)
            order by n) as free
    from chosen c group by c.tenant_id, c.webhook_id, c.suspect
  ), due as (
    select l.tenant_id, d.id, l.suspect,
      l.free[1 + (row_number() over (partition by l.tenant_id, l.webhook_id order by d.next_try_at, d.id) - 1) % l.wide] as lane
    from lanes l cross join lateral (
      select d.id, d.next_try_at from ${delivery} d
      where d.tenant_id = l.tenant_id and d.webhook_id = l.webhook_id and d.status = 'waiting' and d.next_try_at <= clock_timestamp()
      order by d.next_try_at, d.id limit l.wide * case when l.suspect then 1 else depth end) d
  ), taken as (
    select d.tenant_id, d.id, due.suspect, due.lane, d.next_try_at as due_at
    from ${delivery} d join due on due.tenant_id = d.tenant_id and due.id = d.id
    where d.status = 'waiting' and d.next_try_at <= clock_timestamp() for update of d skip locked
  ), claimed as (
    update ${delivery} d
    set attempts = d.attempts + 1, lane = taken.lane, lease_until = clock_timestamp() + lease, next_try_at = clock_timestamp() + lease
    from taken where d.tenant_id = taken.tenant_id and d.id = taken.id
    returning d.tenant_id, d.id, d.webhook_id, d.lane, d.attempts, taken.suspect, taken.due_at
  )
  select c.tenant_id, c.id, c.webhook_id, c.lane, c.attempts, c.suspect, c.due_at from claimed c order by c.due_at, c.id;
end $$;
revoke all on function ${claim}(integer, integer, integer, integer, interval) from public;
grant execute on function ${claim}(integer, integer, integer, integer, interval) to ${workers};

-- For processes of the version before, until they are replaced.
create or replace function ${schema}.claim_webhook_deliveries(most integer, per_webhook integer, suspects integer, lease interval)
  returns table (tenant_id uuid, id uuid, attempts integer, suspect boolean)
  language sql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
  select tenant_id, id, attempts, suspect from ${claim}(most, per_webhook, suspects, 1, lease)
$$;

-- What waits for receivers that are served, up to 100,000, and since when the oldest of it.
create or replace function ${schema}.webhook_backlog() returns table (waiting bigint, oldest timestamptz)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select count(*), min(created_at) from (
    select d.created_at from ${hook} w join ${delivery} d on d.tenant_id = w.tenant_id and d.webhook_id = w.id
    where w.status = 'active' and d.status = 'waiting'
      and not exists (select from ${tenants} t where t.tenant_id = w.tenant_id and t.status = 'suspended') limit 100000) waiting
$$;
`;
}
