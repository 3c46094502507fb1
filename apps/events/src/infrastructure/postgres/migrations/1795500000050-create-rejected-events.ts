import { OWNER_ROLE, tenantPolicySql } from '@libs/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rejected events for a while: to see why, to send them again. */
export class CreateRejectedEvents1795500000050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REJECTED_EVENT);
    await runner.query(PURGE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop function events.purge_rejected_events(integer); drop table events.rejected_event;',
    );
  }
}

// The event is text: whatever a client sent is kept, and what it was is nothing that a query asks for.
const REJECTED_EVENT = `
create table events.rejected_event (
  tenant_id uuid not null,
  id uuid not null,
  event_id uuid,
  event_type text check (length(event_type) <= 64),
  code text not null check (length(code) <= 64),
  message text not null check (length(message) <= 1024),
  stage text not null check (stage in ('collector', 'sink')),
  source text not null check (source in ('sdk', 'track')),
  app_id uuid not null,
  -- of whom an erasure must find it
  user_id text check (length(user_id) <= 256),
  received_at timestamptz not null,
  sent_at timestamptz,
  event text not null,
  bytes integer not null,
  created_at timestamptz not null default now(),
  attempts integer not null default 0,
  replayed_at timestamptz,
  primary key (tenant_id, id)
);
create index rejected_event_newest on events.rejected_event (tenant_id, received_at desc, id desc) include (bytes);
create index rejected_event_code on events.rejected_event (tenant_id, code, received_at desc, id desc);
create index rejected_event_user on events.rejected_event (tenant_id, user_id) where user_id is not null;
create index rejected_event_age on events.rejected_event (created_at);
${tenantPolicySql('events.rejected_event', { apiRoles: ['events_api'], workerRoles: ['events_worker'] })}
grant select on events.rejected_event to events_api;
grant update (attempts, replayed_at, code, message) on events.rejected_event to events_api;
grant select, insert, delete on events.rejected_event to events_worker;
`;

// The sinks see the tenants of a batch only, and the rows of one who sends no more must go, too. The owner sees, of all tenants,
// just the rows that are to go.
const PURGE = `
create policy expired on events.rejected_event to ${OWNER_ROLE} using (created_at < now() - interval '30 days');
create function events.purge_rejected_events(most integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
declare
  gone integer;
begin
  if not pg_try_advisory_xact_lock(hashtext('events.rejected_event')) then return 0; end if;
  delete from events.rejected_event where (tenant_id, id) in
    (select tenant_id, id from events.rejected_event where created_at < now() - interval '30 days'
     order by created_at limit most);
  get diagnostics gone = row_count;
  return gone;
end $$;
revoke all on function events.purge_rejected_events(integer) from public;
grant execute on function events.purge_rejected_events(integer) to events_worker;
`;
