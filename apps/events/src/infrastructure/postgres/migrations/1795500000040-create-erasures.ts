import { outboxSql } from '@libs/database';
import { erasureSql } from '@libs/persons';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLES = { apiRoles: ['events_api'], workerRoles: ['events_worker'] };

/** The facts this service tells, erasures of persons, and the marks that keep what was erased from coming back. */
export class CreateErasures1795500000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(outboxSql('events', ROLES, 'events_relay'));
    await runner.query(erasureSql('events', ROLES));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table events.erased_person, events.erasure, events.outbox');
  }
}
