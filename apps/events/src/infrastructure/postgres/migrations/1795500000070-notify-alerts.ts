import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Notifications of alerts: for everybody of the tenant, made of an incident and not of an event. */
export class NotifyAlerts1795500000070 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table events.notifications
  drop constraint notifications_type_check,
  add constraint notifications_type_check check (type in ('budget_alert', 'goal_completed', 'cashback', 'achievement', 'alert')),
  alter column user_id drop not null,
  alter column event_id drop not null,
  alter column "timestamp" drop not null,
  add column incident_id uuid,
  -- what happened to the incident
  add column incident_state text check (incident_state in ('fired', 'resolved')),
  add constraint made_of_one check (case when type = 'alert'
    then incident_id is not null and incident_state is not null and event_id is null and user_id is null
    else incident_id is null and incident_state is null and event_id is not null and "timestamp" is not null and user_id is not null end);
create unique index notifications_of_incident on events.notifications (tenant_id, incident_id, incident_state)
  where incident_id is not null;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
delete from events.notifications where type = 'alert';
drop index events.notifications_of_incident;
alter table events.notifications
  drop constraint made_of_one,
  drop column incident_state,
  drop column incident_id,
  alter column "timestamp" set not null,
  alter column event_id set not null,
  alter column user_id set not null,
  drop constraint notifications_type_check,
  add constraint notifications_type_check check (type in ('budget_alert', 'goal_completed', 'cashback', 'achievement'));`);
  }
}
