import { OWNER_ROLE, tenantPolicySql } from '@libs/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const FIND_USER_EVENTS =
  'jsonb[], timestamptz, timestamptz, text, text, timestamptz, uuid, timestamptz, integer';
const ROLES = { apiRoles: ['events_api'], workerRoles: ['events_worker'] };

/** Critical events one by one, the transactions they tell of, and how long each tenant keeps them. */
export class CreateUserEvents1795500000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(USER_EVENTS);
    await runner.query(TRANSACTIONS);
    await runner.query(RETENTION);
    await runner.query(PARTITIONS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop function events.drop_expired_partitions(), events.make_partitions(date[]), events.find_user_events(${FIND_USER_EVENTS});
drop table events.retention, events.transactions, events.user_events;
drop policy upkeep on events.tenant_directory;`);
  }
}

// "timestamp" is the client's own clock, as it was sent: it never changes when an event is sent again, so it is part of the key
// and what the months are told by. occurred_at is the same by our clock.
const USER_EVENTS = `
create table events.user_events (
  tenant_id uuid not null,
  event_id uuid not null,
  "timestamp" timestamptz not null,
  event_type text not null check (length(event_type) <= 64),
  -- whatever the client calls its user; a pseudonym where that was personal data
  user_id text check (length(user_id) <= 256),
  device_id text check (length(device_id) <= 256),
  session_id text check (length(session_id) <= 256),
  seq bigint,
  app_id uuid not null,
  source text not null check (source in ('sdk', 'track')),
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  created_at timestamptz not null default now(),
  country text check (length(country) <= 2),
  -- only read back whole: as text they cost nothing to write
  context json not null,
  device json not null,
  properties jsonb not null,
  version text check (length(version) <= 64),
  primary key (tenant_id, event_id, "timestamp")
) partition by range ("timestamp");
create index user_events_user on events.user_events (tenant_id, user_id, occurred_at desc);
create index user_events_type on events.user_events (tenant_id, event_type, occurred_at desc);
create index user_events_newest on events.user_events (tenant_id, occurred_at desc, event_id desc, "timestamp" desc);
create index user_events_created on events.user_events (tenant_id, created_at desc);
create index user_events_properties on events.user_events using gin (properties jsonb_path_ops);
${tenantPolicySql('events.user_events', ROLES)}
grant select on events.user_events to events_api;
grant select, insert, delete on events.user_events to events_worker;

-- Containment is not leakproof, so under row-level security no index can serve it: this looks as the owner, whom a policy lets
-- see every row, and says itself whose rows they are. The query is built anew each time, so that it is planned for what is looked
-- for: a rare value by its own index, one that most events have by the tenant's newest. occurred_at is at most 31 days from
-- "timestamp", which says which months to look in.
create policy by_property on events.user_events for select to ${OWNER_ROLE} using (true);
create function events.find_user_events(wanted jsonb[], since timestamptz, until timestamptz, of_user text, of_type text,
    before_at timestamptz, before_id uuid, before_timestamp timestamptz, most integer)
  returns setof events.user_events
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
  as $$
begin
  return query execute 'select * from events.user_events where tenant_id = $1 and ('
    || (select string_agg(format('properties @> $2[%s]', n), ' or ') from generate_subscripts(wanted, 1) as n)
    || $and$) and "timestamp" >= $3 - interval '32 days' and "timestamp" <= $4 + interval '32 days'
      and occurred_at >= $3 and occurred_at <= $4$and$
    || case when of_user is null then '' else ' and user_id = $5' end
    || case when of_type is null then '' else ' and event_type = $6' end
    || case when before_at is null then '' else ' and (occurred_at, event_id, "timestamp") < ($7, $8, $9)' end
    || ' order by occurred_at desc, event_id desc, "timestamp" desc limit $10'
    using app.tenant_id(), wanted, since, until, of_user, of_type, before_at, before_id, before_timestamp, most;
end $$;
revoke all on function events.find_user_events(${FIND_USER_EVENTS}) from public;
grant execute on function events.find_user_events(${FIND_USER_EVENTS}) to events_api;
`;

const TRANSACTIONS = `
create table events.transactions (
  tenant_id uuid not null,
  event_id uuid not null,
  "timestamp" timestamptz not null,
  user_id text check (length(user_id) <= 256),
  type text not null check (type in ('expense', 'income')),
  -- whole cents
  amount bigint not null check (amount > 0 and amount <= 1000000000000000),
  currency text not null check (length(currency) <= 8),
  description text not null check (length(description) <= 1024),
  category_id text not null check (length(category_id) <= 256),
  occurred_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, event_id, "timestamp")
) partition by range ("timestamp");
create index transactions_user on events.transactions (tenant_id, user_id, occurred_at desc);
create index transactions_newest on events.transactions (tenant_id, occurred_at desc);
${tenantPolicySql('events.transactions', ROLES)}
grant select on events.transactions to events_api;
grant select, insert, delete on events.transactions to events_worker;
`;

// Every collector must know how far back every tenant admits events, and the sinks whose are to go; it is no secret.
const RETENTION = `
create table events.retention (
  tenant_id uuid primary key,
  months smallint not null check (months between 1 and 120),
  critical_months smallint not null check (critical_months between months and 120),
  -- nothing older was kept or is admitted, whatever the months say
  kept_from timestamptz not null,
  critical_kept_from timestamptz not null,
  changed_at timestamptz not null default now(),
  changed_in xid8 not null default pg_current_xact_id()
);
create index retention_changes on events.retention (changed_in);
${tenantPolicySql('events.retention', ROLES)}
create policy everybody on events.retention for select to events_api, events_worker, ${OWNER_ROLE} using (true);
grant select, insert, update on events.retention to events_api;
grant select on events.retention to events_worker;
-- what the upkeep goes through
create policy upkeep on events.tenant_directory for select to events_worker using (true);
`;

// The sinks' role owns nothing, so the owner makes and drops the months for it, and only such as there is a reason for.
// Attaching lets writers go on; creating a partition at its place would not.
const PARTITIONS = `
create function events.make_partitions(months date[]) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '5s' as $$
declare
  this_month date := date_trunc('month', now() at time zone 'utc');
  month date;
  parent text;
  part text;
begin
  perform pg_advisory_xact_lock(hashtext('events.partitions'));
  foreach month in array months loop
    if month <> date_trunc('month', month) or month < this_month - interval '122 months'
      or month > this_month + interval '3 months' then
      raise exception 'no partition is made for %', month using errcode = 'invalid_parameter_value';
    end if;
    foreach parent in array array['user_events', 'transactions'] loop
      part := parent || to_char(month, '_YYYY_MM');
      continue when to_regclass('events.' || part) is not null;
      execute format('create table events.%I (like events.%I including defaults including constraints)', part, parent);
      execute format('alter table events.%I enable row level security, force row level security', part);
      execute format('alter table events.%I attach partition events.%I for values from (%L) to (%L)', parent, part,
        to_char(month, 'YYYY-MM-DD 00:00:00+00'), to_char(month + interval '1 month', 'YYYY-MM-DD 00:00:00+00'));
    end loop;
  end loop;
end $$;
revoke all on function events.make_partitions(date[]) from public;
grant execute on function events.make_partitions(date[]) to events_worker;

create function events.drop_expired_partitions() returns setof text
  language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
declare
  longest integer := (select greatest(60, max(critical_months)) from events.retention);
  -- eight days later than the policies say: what the sinks take for a while longer must find its place
  first_kept date := date_trunc('month', now() at time zone 'utc' - interval '8 days') - make_interval(months => longest);
  part text;
begin
  perform pg_advisory_xact_lock(hashtext('events.partitions'));
  for part in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent in ('events.user_events'::regclass, 'events.transactions'::regclass)
      and to_date(right(c.relname, 7), 'YYYY_MM') < first_kept
    order by right(c.relname, 7), c.relname
  loop
    execute format('drop table events.%I', part);
    return next part;
  end loop;
end $$;
revoke all on function events.drop_expired_partitions() from public;
grant execute on function events.drop_expired_partitions() to events_worker;
`;
