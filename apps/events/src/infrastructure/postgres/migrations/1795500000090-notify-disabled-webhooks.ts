import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Notifications of webhooks that were given up: for everybody of the tenant. */
export class NotifyDisabledWebhooks1795500000090 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table events.notifications
  drop constraint notifications_type_check,
  add constraint notifications_type_check
    check (type in ('budget_alert', 'goal_completed', 'cashback', 'achievement', 'alert', 'webhook_disabled')),
  add column webhook_id uuid,
  drop constraint made_of_one,
  add constraint made_of_one check (case type
    when 'alert' then incident_id is not null and incident_state is not null
      and webhook_id is null and event_id is null and user_id is null
    when 'webhook_disabled' then webhook_id is not null
      and incident_id is null and incident_state is null and event_id is null and user_id is null
    else incident_id is null and incident_state is null and webhook_id is null
      and event_id is not null and "timestamp" is not null and user_id is not null end);
-- one may be given up again and again: each time once
create unique index notifications_of_webhook on events.notifications (tenant_id, webhook_id, occurred_at)
  where webhook_id is not null;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
delete from events.notifications where type = 'webhook_disabled';
drop index events.notifications_of_webhook;
alter table events.notifications
  drop constraint made_of_one,
  drop column webhook_id,
  add constraint made_of_one check (case when type = 'alert'
    then incident_id is not null and incident_state is not null and event_id is null and user_id is null
    else incident_id is null and incident_state is null and event_id is not null and "timestamp" is not null and user_id is not null end),
  drop constraint notifications_type_check,
  add constraint notifications_type_check check (type in ('budget_alert', 'goal_completed', 'cashback', 'achievement', 'alert'));`);
  }
}
