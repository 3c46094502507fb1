import { OWNER_ROLE, tenantPolicySql } from '@libs/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLES = { apiRoles: ['analytics_api'], workerRoles: ['analytics_worker'] };

/** Alerts, where they stand, and the times at which they fired. */
export class CreateAlerts1795600000070 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ALERT);
    await runner.query(INCIDENT);
    await runner.query(DUE);
    await runner.query(PURGE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop function analytics.purge_alert_incidents(integer);
drop function analytics.due_alerts(integer);
drop table analytics.alert_incident, analytics.alert;`);
  }
}

const ALERT = `
create table analytics.alert (
  tenant_id uuid not null,
  id uuid not null,
  app_id uuid not null,
  name text not null,
  event_type text,
  metric text not null check (metric in ('events', 'users', 'sessions')),
  condition jsonb not null,
  notify boolean not null,
  enabled boolean not null,
  -- another one after each change of what it watches
  revision integer not null,
  state text not null check (state in ('learning', 'ok', 'firing')),
  -- calm windows while it fires
  quiet smallint not null,
  -- of an incident that is not over; where state is not firing, it is still to be ended
  incident_id uuid,
  -- of the window that was judged last: where it ended, and what was said of it
  judged_to timestamptz,
  value bigint,
  expected double precision,
  score double precision,
  deleted boolean not null default false,
  due_at timestamptz not null,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant_id, id)
) with (fillfactor = 80);
create index alert_due on analytics.alert (due_at) where enabled or deleted or incident_id is not null;
${tenantPolicySql('analytics.alert', ROLES)}
grant select, insert, update on analytics.alert to analytics_api;
grant select, delete on analytics.alert to analytics_worker;
grant update (state, quiet, incident_id, judged_to, value, expected, score, due_at) on analytics.alert to analytics_worker;
`;

// No foreign key: what was told of an alert that is gone is still known.
const INCIDENT = `
create table analytics.alert_incident (
  tenant_id uuid not null,
  id uuid not null,
  alert_id uuid not null,
  alert_revision integer not null,
  -- what the alert was when it fired
  app_id uuid not null,
  alert_name text not null,
  event_type text,
  metric text not null,
  condition jsonb not null,
  notify boolean not null,
  time_zone text not null,
  window_from timestamptz not null,
  window_to timestamptz not null,
  direction text not null check (direction in ('above', 'below')),
  value bigint not null,
  expected double precision not null,
  score double precision,
  fired_at timestamptz not null,
  resolved_at timestamptz,
  resolution text check (resolution in ('calm', 'changed', 'disabled', 'deleted')),
  resolved_value bigint,
  primary key (tenant_id, id),
  -- a window makes an alert fire once
  unique (tenant_id, alert_id, alert_revision, window_to),
  check ((resolved_at is null) = (resolution is null))
);
create index alert_incident_newest on analytics.alert_incident (tenant_id, alert_id, fired_at, id);
create index alert_incident_age on analytics.alert_incident (resolved_at) where resolved_at is not null;
${tenantPolicySql('analytics.alert_incident', ROLES)}
grant select on analytics.alert_incident to analytics_api;
grant select, insert on analytics.alert_incident to analytics_worker;
grant update (resolved_at, resolution, resolved_value) on analytics.alert_incident to analytics_worker;
`;

// Who judges alerts must find them first, and gets nothing but their ids.
const DUE = `
create policy due_only on analytics.alert for select to ${OWNER_ROLE} using (true);
create function analytics.due_alerts(most integer) returns table (tenant_id uuid, id uuid, due_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$
    select a.tenant_id, a.id, a.due_at from analytics.alert a
    where a.due_at <= now() and (a.enabled or a.deleted or a.incident_id is not null)
    order by a.due_at limit most
  $$;
revoke all on function analytics.due_alerts(integer) from public;
grant execute on function analytics.due_alerts(integer) to analytics_worker;
`;

// Longer than any tenant's events can be compared with them.
const PURGE = `
create policy expired on analytics.alert_incident to ${OWNER_ROLE} using (resolved_at < now() - interval '400 days');
create function analytics.purge_alert_incidents(most integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
declare
  gone integer;
begin
  delete from analytics.alert_incident i using (
    select o.tenant_id, o.id from analytics.alert_incident o
    where o.resolved_at < now() - interval '400 days' order by o.resolved_at limit most for update skip locked) old
  where i.tenant_id = old.tenant_id and i.id = old.id;
  get diagnostics gone = row_count;
  return gone;
end $$;
revoke all on function analytics.purge_alert_incidents(integer) from public;
grant execute on function analytics.purge_alert_incidents(integer) to analytics_worker;
`;
