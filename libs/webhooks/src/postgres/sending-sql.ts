/**
 * The worker serves all tenants and sees, of rows that it has not claimed, nothing. These functions of the owner's look across
 * tenants for it and answer ids, counts and times alone.
 */
export function sendingSql(schema: string, workers: string): string {
  const [hook, delivery] = [`${schema}.webhook`, `${schema}.webhook_delivery`];
  return `
-- Takes deliveries that are due: of each webhook no more than \`per_webhook\` at once, whoever sends them, and one alone of a webhook
-- that keeps failing; of all webhooks that fail or are slow no more than \`suspects\`, so that they leave room for the others. Whose
-- tenant has the fewest under way comes first, then one of each webhook before the second of any. Claims go one after the other, so
-- that what is counted is so.
create function ${schema}.claim_webhook_deliveries(most integer, per_webhook integer, suspects integer, lease interval)
  returns table (tenant_id uuid, id uuid, attempts integer, suspect boolean)
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
  ), ready as materialized (
    select w.tenant_id, w.id as webhook_id, w.failures > 0 or w.slow as suspect,
      (select count(*) from ${delivery} d where d.tenant_id = w.tenant_id and d.lease_until > clock_timestamp()) as under_way,
      (case when w.failures >= 3 then 1 else per_webhook end)
        - (select count(*) from ${delivery} d where d.tenant_id = w.tenant_id and d.webhook_id = w.id
             and d.lease_until > clock_timestamp()) as room
    from waiting join ${hook} w on w.tenant_id = waiting.tenant_id and w.id = waiting.webhook_id
    where w.status = 'active' and (w.resting_until is null or w.resting_until <= clock_timestamp())
  ), due as (
    select r.suspect, r.under_way, d.tenant_id, d.id, d.next_try_at,
      row_number() over (partition by r.tenant_id, r.webhook_id order by d.next_try_at, d.id) as nth
    from ready r cross join lateral (
      select d.tenant_id, d.id, d.next_try_at from ${delivery} d
      where d.tenant_id = r.tenant_id and d.webhook_id = r.webhook_id and d.status = 'waiting'
        and d.next_try_at <= clock_timestamp()
      order by d.next_try_at, d.id limit greatest(r.room, 0)) d
  ), in_turn as (
    select due.*, under_way + row_number() over (partition by due.tenant_id order by nth, suspect, next_try_at, id) as turn from due
  ), chosen as materialized (
    select c.tenant_id, c.id, c.suspect from (
      select in_turn.*, row_number() over (partition by in_turn.suspect order by turn, next_try_at, id) as place from in_turn) c
    where not c.suspect or c.place <= suspects
    order by c.turn, c.suspect, c.next_try_at limit most
  ), taken as (
    select d.tenant_id, d.id, chosen.suspect from ${delivery} d join chosen on chosen.tenant_id = d.tenant_id and chosen.id = d.id
    where d.status = 'waiting' and d.next_try_at <= clock_timestamp() for update of d skip locked
  )
  update ${delivery} d
  set attempts = d.attempts + 1, lease_until = clock_timestamp() + lease, next_try_at = clock_timestamp() + lease
  from taken where d.tenant_id = taken.tenant_id and d.id = taken.id
  returning d.tenant_id, d.id, d.attempts, taken.suspect;
end $$;
revoke all on function ${schema}.claim_webhook_deliveries(integer, integer, integer, interval) from public;
grant execute on function ${schema}.claim_webhook_deliveries(integer, integer, integer, interval) to ${workers};

-- What waits for receivers that are served, up to 100,000, and since when the oldest of it.
create function ${schema}.webhook_backlog() returns table (waiting bigint, oldest timestamptz)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select count(*), min(created_at) from (
    select d.created_at from ${hook} w join ${delivery} d on d.tenant_id = w.tenant_id and d.webhook_id = w.id
    where w.status = 'active' and d.status = 'waiting' limit 100000) waiting
$$;
revoke all on function ${schema}.webhook_backlog() from public;
grant execute on function ${schema}.webhook_backlog() to ${workers};

-- The log is kept 30 days, whatever became of a delivery; then what is left of removed webhooks goes, too.
create function ${schema}.purge_webhook_log(most integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
declare
  gone integer;
begin
  if not pg_try_advisory_xact_lock(hashtext('${delivery}.purge')) then return 0; end if;
  with old as (
    delete from ${delivery} where (tenant_id, id) in
      (select tenant_id, id from ${delivery} where created_at < now() - interval '30 days' order by created_at limit most)
    returning tenant_id, id
  ), tries as (
    delete from ${schema}.webhook_attempt a using old where a.tenant_id = old.tenant_id and a.delivery_id = old.id
  )
  select count(*) into gone from old;
  delete from ${hook} where status = 'removed' and removed_at < now() - interval '31 days';
  return gone;
end $$;
revoke all on function ${schema}.purge_webhook_log(integer) from public;
grant execute on function ${schema}.purge_webhook_log(integer) to ${workers};
`;
}
