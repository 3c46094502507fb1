import { deadLetterSql, purgeDeadLettersSql } from '@libs/database';
import { directorySql, dropDirectorySql } from '@libs/security';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** This service's own copy of auth's tenants and API keys, and what its consumers could not digest. */
export class CreateEvents1795500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(directorySql('events', { apiRoles: ['events_api'], workerRoles: ['events_worker'] }));
    await runner.query(KNOWN_KEYS);
    await runner.query(deadLetterSql('events', { workerRoles: ['events_worker'] }));
    await runner.query(purgeDeadLettersSql('events', 'events_worker'));
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
