import { OWNER_ROLE, tenantPolicySql } from '@libs/database';
import { sendingSql } from './sending-sql';

export interface WebhookRoles {
  /** Register webhooks, and look what became of deliveries. */
  apiRoles: readonly string[];
  /** Add deliveries, and send them. */
  workerRoles: readonly string[];
}

/**
 * SQL for a migration: a service's outgoing webhooks.
 * - `webhook`: where to send, what; its secrets are sealed. One that was removed keeps its row, without address and secrets, until
 *   the log of it is gone: snapshots must see that it is.
 * - `webhook_delivery`: what is to be told to whom, as a reference, and what became of it.
 * - `webhook_attempt`: each try.
 * - `webhook_subscription`: who wants what, across tenants, without addresses and secrets; for the worker's snapshot.
 */
export function webhookSql(schema: string, roles: WebhookRoles): string {
  const [apis, workers] = [roles.apiRoles.join(', '), roles.workerRoles.join(', ')];
  const all = `${apis}, ${workers}`;
  return `
create table ${schema}.webhook (
  tenant_id uuid not null,
  id uuid not null,
  url text not null,
  description text,
  events text[] not null,
  -- null: of all applications
  app_id uuid,
  status text not null default 'active' check (status in ('active', 'paused', 'disabled', 'removed')),
  disabled_reason text,
  -- sealed, as is the one before, which signs beside it until its time is over
  secret text not null,
  previous_secret text,
  previous_until timestamptz,
  -- consecutive ones, since when, and until when it is left alone
  failures integer not null default 0,
  failing_since timestamptz,
  resting_until timestamptz,
  -- took its time the last time
  slow boolean not null default false,
  created_by uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  removed_at timestamptz,
  -- of what a snapshot shows
  changed_in xid8 not null default pg_current_xact_id(),
  primary key (tenant_id, id)
);
create index webhook_changed on ${schema}.webhook (changed_in);
${tenantPolicySql(`${schema}.webhook`, roles)}
grant select on ${schema}.webhook to ${all};
grant insert, update on ${schema}.webhook to ${apis};
grant update (status, disabled_reason, failures, failing_since, resting_until, slow, changed_in) on ${schema}.webhook to ${workers};
create policy sending on ${schema}.webhook to ${OWNER_ROLE} using (true) with check (true);

-- No foreign key to webhook: one that is removed at the same moment must not make the transaction fail that tells of an event.
create table ${schema}.webhook_delivery (
  tenant_id uuid not null,
  id uuid not null,
  webhook_id uuid not null,
  type text not null,
  subject jsonb not null,
  subject_key text not null check (length(subject_key) <= 200),
  status text not null default 'waiting' check (status in ('waiting', 'delivered', 'failed', 'cancelled')),
  reason text,
  -- tries that were begun; which one is under way says whose result counts
  attempts integer not null default 0,
  -- how far in the schedule of retries
  step integer not null default 0,
  next_try_at timestamptz not null default clock_timestamp(),
  lease_until timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, webhook_id, subject_key)
) with (fillfactor = 85);
create index webhook_delivery_waiting on ${schema}.webhook_delivery (tenant_id, webhook_id, next_try_at, id) where status = 'waiting';
create index webhook_delivery_leased on ${schema}.webhook_delivery (tenant_id, webhook_id) where lease_until is not null;
create index webhook_delivery_log on ${schema}.webhook_delivery (tenant_id, webhook_id, id);
create index webhook_delivery_age on ${schema}.webhook_delivery (created_at);
${tenantPolicySql(`${schema}.webhook_delivery`, roles)}
grant select, insert, update on ${schema}.webhook_delivery to ${all};
create policy sending on ${schema}.webhook_delivery to ${OWNER_ROLE} using (true) with check (true);

create table ${schema}.webhook_attempt (
  tenant_id uuid not null,
  delivery_id uuid not null,
  attempt integer not null,
  at timestamptz not null,
  duration_ms integer not null,
  http_status integer,
  error text,
  -- the first KiB of one that refused, without what looks like personal data
  answer text,
  primary key (tenant_id, delivery_id, attempt)
);
${tenantPolicySql(`${schema}.webhook_attempt`, roles)}
grant select on ${schema}.webhook_attempt to ${apis};
grant select, insert on ${schema}.webhook_attempt to ${workers};
create policy sending on ${schema}.webhook_attempt to ${OWNER_ROLE} using (true) with check (true);

create view ${schema}.webhook_subscription as
  select tenant_id, id as webhook_id, events, app_id, status = 'active' as active, changed_in from ${schema}.webhook;
grant select on ${schema}.webhook_subscription to ${workers};
${sendingSql(schema, workers)}`;
}

/** SQL for the way back. */
export function dropWebhookSql(schema: string): string {
  return `
drop function ${schema}.claim_webhook_deliveries(integer, integer, integer, interval);
drop function ${schema}.webhook_backlog();
drop function ${schema}.purge_webhook_log(integer);
drop view ${schema}.webhook_subscription;
drop table ${schema}.webhook_attempt, ${schema}.webhook_delivery, ${schema}.webhook;`;
}
