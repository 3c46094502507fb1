import { OWNER_ROLE, tenantPolicySql } from '@libs/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLES = { apiRoles: ['events_api'], workerRoles: ['events_worker'] };

/** Notifications and insights that the sinks make of events, and what is still to be looked at for insights. */
export class CreateProjections1795500000030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(NOTIFICATIONS);
    await runner.query(INSIGHTS);
    await runner.query(INSIGHT_DUE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function events.tenants_with_insights_due(uuid, integer)');
    await runner.query('drop table events.insight_due, events.ai_insights, events.notifications');
  }
}

const NOTIFICATIONS = `
create table events.notifications (
  tenant_id uuid not null,
  id uuid not null,
  user_id text not null,
  type text not null check (type in ('budget_alert', 'goal_completed', 'cashback', 'achievement')),
  title text not null,
  message text not null,
  priority text not null check (priority in ('low', 'normal', 'high')),
  -- which event it was made of; "timestamp" is the client's own clock
  event_id uuid not null,
  "timestamp" timestamptz not null,
  occurred_at timestamptz not null,
  created_at timestamptz not null default clock_timestamp(),
  read_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, event_id, "timestamp")
) with (fillfactor = 90);
create index notifications_newest on events.notifications (tenant_id, occurred_at, id);
create index notifications_of_user on events.notifications (tenant_id, user_id, occurred_at, id);
${tenantPolicySql('events.notifications', ROLES)}
grant select, update (read_at) on events.notifications to events_api;
grant select, insert, delete on events.notifications to events_worker;
`;

const INSIGHTS = `
create table events.ai_insights (
  tenant_id uuid not null,
  id uuid not null,
  user_id text not null,
  insight_type text not null check (insight_type in ('spending_pattern')),
  category_id text not null,
  currency text not null,
  -- its Monday
  week date not null,
  title text not null,
  description text not null,
  confidence smallint not null check (confidence between 0 and 100),
  -- whole cents
  amount bigint not null,
  usual_amount bigint not null,
  weeks_known smallint not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  unique (tenant_id, user_id, category_id, currency, week, insight_type)
);
create index ai_insights_newest on events.ai_insights (tenant_id, week, id);
create index ai_insights_of_user on events.ai_insights (tenant_id, user_id, week, id);
${tenantPolicySql('events.ai_insights', ROLES)}
grant select on events.ai_insights to events_api;
grant select, insert, update, delete on events.ai_insights to events_worker;
`;

// Marks are only ever added, one a batch and category: a key would make batches wait for each other. Who sees to them must
// find the tenants first, and gets nothing but their ids.
const INSIGHT_DUE = `
create table events.insight_due (
  tenant_id uuid not null,
  id uuid not null,
  user_id text not null,
  category_id text not null,
  currency text not null,
  -- what the client calls the category
  category text not null,
  since_week date not null,
  primary key (tenant_id, id)
) with (autovacuum_vacuum_scale_factor = 0.05);
${tenantPolicySql('events.insight_due', { workerRoles: ['events_worker'] })}
-- FOR UPDATE SKIP LOCKED asks for the right to update
grant select, insert, delete, update (since_week) on events.insight_due to events_worker;
create policy tenants_only on events.insight_due for select to ${OWNER_ROLE} using (true);

create function events.tenants_with_insights_due(after uuid, most integer) returns setof uuid
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$
    with recursive tenant (id) as (
      (select tenant_id from events.insight_due where tenant_id > after order by tenant_id limit 1)
      union all
      select (select d.tenant_id from events.insight_due d where d.tenant_id > tenant.id order by d.tenant_id limit 1)
      from tenant where tenant.id is not null
    )
    select id from tenant where id is not null limit most
  $$;
revoke all on function events.tenants_with_insights_due(uuid, integer) from public;
grant execute on function events.tenants_with_insights_due(uuid, integer) to events_worker;
`;
