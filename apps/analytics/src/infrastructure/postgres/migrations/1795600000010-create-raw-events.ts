import { OWNER_ROLE, tenantPolicySql } from '@libs/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLES = { apiRoles: ['analytics_api'], workerRoles: ['analytics_worker'] };

/** Every event, once: the platform's one raw store. All reports can be made again from it. */
export class CreateRawEvents1795600000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(EVENTS);
    await runner.query(RETENTION);
    await runner.query(PARTITIONS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop function analytics.drop_expired_partitions(), analytics.make_partitions(date[]);
drop table analytics.retention, analytics.events;
drop policy upkeep on analytics.tenant_directory;`);
  }
}

// "timestamp" is the client's own clock, as it was sent: it never changes when an event is sent again, so it is part of the key
// and what the months are told by. occurred_at is the same by our clock, and what reports are about.
const EVENTS = `
create table analytics.events (
  tenant_id uuid not null,
  event_id uuid not null,
  "timestamp" timestamptz not null,
  app_id uuid not null,
  -- '*' stands for all types in the rollups
  event_type text not null check (length(event_type) between 1 and 64 and event_type <> '*'),
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  created_at timestamptz not null default now(),
  user_id text check (length(user_id) <= 256),
  device_id text check (length(device_id) <= 256),
  session_id text check (length(session_id) <= 256),
  -- keyed hashes of 52 bits (domain/identity.ts): who it was, and in which session of the client's telling
  visitor bigint,
  session bigint,
  seq bigint,
  source text not null check (source in ('sdk', 'track')),
  -- the dimensions (domain/dimensions.ts); null where an event says nothing
  device text,
  browser text,
  os text,
  country text check (length(country) <= 2),
  referrer text check (length(referrer) <= 256),
  url text check (length(url) <= 512),
  -- only read back whole: as text they cost nothing to write
  context json not null,
  user_agent json not null,
  metadata jsonb not null,
  version text check (length(version) <= 64),
  primary key (tenant_id, event_id, "timestamp")
) partition by range ("timestamp");
-- with all that a funnel and a cohort want of an event, and what its month is told by: they never go to the rows
create index events_type on analytics.events (tenant_id, app_id, event_type, occurred_at) include (visitor, "timestamp");
create index events_user on analytics.events (tenant_id, user_id, occurred_at desc) where user_id is not null;
create index events_session on analytics.events (tenant_id, session_id, occurred_at) where session_id is not null;
create index events_metadata on analytics.events using gin (metadata jsonb_path_ops);
create index events_when on analytics.events using brin (occurred_at) with (pages_per_range = 16, autosummarize = on);
${tenantPolicySql('analytics.events', ROLES)}
grant select on analytics.events to analytics_api;
grant select, insert, delete on analytics.events to analytics_worker;
`;

// A copy of what events tells (events.retention-changed.v1); tenants without a row keep 13 months.
const RETENTION = `
create table analytics.retention (
  tenant_id uuid primary key,
  months smallint not null check (months between 1 and 120),
  -- nothing older was kept or is admitted, whatever the months say
  kept_from timestamptz not null,
  changed_at timestamptz not null
);
${tenantPolicySql('analytics.retention', ROLES)}
create policy everybody on analytics.retention for select to analytics_worker, ${OWNER_ROLE} using (true);
grant select on analytics.retention to analytics_api;
grant select, insert, update on analytics.retention to analytics_worker;
-- what the upkeep goes through
create policy upkeep on analytics.tenant_directory for select to analytics_worker using (true);
`;

// The worker's role owns nothing, so the owner makes and drops the months for it, and only such as there is a reason for.
// Attaching lets writers go on; creating a partition at its place would not.
const PARTITIONS = `
create function analytics.make_partitions(months date[]) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '5s' as $$
declare
  this_month date := date_trunc('month', now() at time zone 'utc');
  month date;
  part text;
begin
  perform pg_advisory_xact_lock(hashtext('analytics.partitions'));
  foreach month in array months loop
    if month <> date_trunc('month', month) or month < this_month - interval '122 months'
      or month > this_month + interval '3 months' then
      raise exception 'no partition is made for %', month using errcode = 'invalid_parameter_value';
    end if;
    part := 'events' || to_char(month, '_YYYY_MM');
    continue when to_regclass('analytics.' || part) is not null;
    execute format('create table analytics.%I (like analytics.events including defaults including constraints)', part);
    execute format('alter table analytics.%I enable row level security, force row level security', part);
    execute format('alter table analytics.events attach partition analytics.%I for values from (%L) to (%L)', part,
      to_char(month, 'YYYY-MM-DD 00:00:00+00'), to_char(month + interval '1 month', 'YYYY-MM-DD 00:00:00+00'));
  end loop;
end $$;
revoke all on function analytics.make_partitions(date[]) from public;
grant execute on function analytics.make_partitions(date[]) to analytics_worker;

create function analytics.drop_expired_partitions() returns setof text
  language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
declare
  longest integer := (select greatest(13, max(months)) from analytics.retention);
  -- eight days later than the policies say: what is taken for a while longer must find its place
  first_kept date := date_trunc('month', now() at time zone 'utc' - interval '8 days') - make_interval(months => longest);
  part text;
begin
  perform pg_advisory_xact_lock(hashtext('analytics.partitions'));
  for part in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'analytics.events'::regclass and to_date(right(c.relname, 7), 'YYYY_MM') < first_kept
    order by c.relname
  loop
    execute format('drop table analytics.%I', part);
    return next part;
  end loop;
end $$;
revoke all on function analytics.drop_expired_partitions() from public;
grant execute on function analytics.drop_expired_partitions() to analytics_worker;
`;
