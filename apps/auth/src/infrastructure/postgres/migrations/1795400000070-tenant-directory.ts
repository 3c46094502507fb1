import { OWNER_ROLE } from '@libs/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What every service may know of every tenant, as a view over auth's own table: auth needs no copy. The view reads with
 * its owner's rights, so the API's role sees these columns of all tenants and, of the table itself, still its own row
 * alone. Every tenant is told of once more: the copies elsewhere begin empty, and earlier messages knew no domains.
 */
export class TenantDirectory1795400000070 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CHANGES);
    await runner.query(VIEW);
    await runner.query(TELL_AGAIN);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop view auth.tenant_directory;
drop policy directory on auth.tenant;
drop trigger tenant_changed on auth.tenant;
drop function auth.note_change();
alter table auth.tenant drop column changed_in`);
  }
}

// Which transaction changed a row tells a reader what it has not seen yet, also when that commits late.
const CHANGES = `
alter table auth.tenant add column changed_in xid8 not null default pg_current_xact_id();
create index tenant_changes on auth.tenant (changed_in);
create function auth.note_change() returns trigger language plpgsql as $$
begin
  new.changed_in := pg_current_xact_id();
  return new;
end $$;
create trigger tenant_changed before update on auth.tenant for each row execute function auth.note_change();
`;

const VIEW = `
create policy directory on auth.tenant for select to ${OWNER_ROLE} using (true);
create view auth.tenant_directory as
  select id as tenant_id, subdomain, status, origins, domains, default_app_id, revision, changed_in from auth.tenant;
grant select on auth.tenant_directory to auth_api;
`;

// The outbox is walled against its owner, too, except while it forgets to force that, in this transaction.
const TELL_AGAIN = `
alter table auth.outbox no force row level security;
insert into auth.outbox (tenant_id, id, topic, messages, message_count)
select id, gen_random_uuid(), 'auth.tenant-changed.v1', json_build_array(json_build_object(
    'id', gen_random_uuid(),
    'type', 'auth.tenant-changed.v1',
    'version', 1,
    'tenantId', id,
    'occurredAt', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'requestId', 'migration-1795400000070',
    'payload', json_build_object('name', name, 'subdomain', subdomain, 'timeZone', time_zone, 'status', status,
      'origins', to_json(origins), 'domains', to_json(domains), 'defaultAppId', default_app_id, 'revision', revision))), 1
from auth.tenant;
alter table auth.outbox force row level security;
`;
