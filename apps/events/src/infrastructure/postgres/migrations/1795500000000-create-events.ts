import { deadLetterSql, OWNER_ROLE } from '@libs/database';
import { directorySql, dropDirectorySql } from '@libs/security';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** This service's own copy of auth's tenants and API keys, and what its consumers could not digest. */
export class CreateEvents1795500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(directorySql('events', { apiRoles: ['events_api'], workerRoles: ['events_worker'] }));
    await runner.query(KNOWN_KEYS);
    await runner.query(deadLetterSql('events', { workerRoles: ['events_worker'] }));
    await runner.query(PURGE_DEAD_LETTERS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function events.purge_dead_letters(integer); drop table events.dead_letter;');
    await runner.query(dropDirectorySql('events'));
  }
}

// An operator sees which keys are known here, and nothing of them: whether auth must tell of them again.
const KNOWN_KEYS = `
create policy operator on events.api_key_directory for select to operator using (true);
grant select (tenant_id, key_id) on events.api_key_directory to operator;
`;

// Of whom a letter is nobody can tell before it is mended, so an erasure does not find it: it must have an end. The owner sees,
// of all tenants and of none, just what is to go.
const PURGE_DEAD_LETTERS = `
create index dead_letter_age on events.dead_letter (created_at);
create policy expired on events.dead_letter to ${OWNER_ROLE} using (created_at < now() - interval '90 days');
create function events.purge_dead_letters(most integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
declare
  gone integer;
begin
  if not pg_try_advisory_xact_lock(hashtext('events.dead_letter')) then return 0; end if;
  delete from events.dead_letter where id in
    (select id from events.dead_letter where created_at < now() - interval '90 days' order by created_at limit most);
  get diagnostics gone = row_count;
  return gone;
end $$;
revoke all on function events.purge_dead_letters(integer) from public;
grant execute on function events.purge_dead_letters(integer) to events_worker;
`;
