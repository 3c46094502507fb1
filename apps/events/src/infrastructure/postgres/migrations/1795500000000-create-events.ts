import { deadLetterSql } from '@libs/database';
import { directorySql, dropDirectorySql } from '@libs/security';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** This service's own copy of auth's tenants and API keys, and what its consumers could not digest. */
export class CreateEvents1795500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(directorySql('events', { apiRoles: ['events_api'], workerRoles: ['events_worker'] }));
    await runner.query(deadLetterSql('events', { workerRoles: ['events_worker'] }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table events.dead_letter');
    await runner.query(dropDirectorySql('events'));
  }
}
