import { outboxSql, defineSchema } from '@libs/database';
import { testDatabase, TestDatabase } from '@libs/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { webhookSql } from '../src/postgres/webhook-sql';

/** A service as small as possible that has webhooks. */
class CreateHooks1795300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const roles = { apiRoles: ['hooks_api'], workerRoles: ['hooks_worker'] };
    await runner.query(outboxSql('hooks', roles, 'hooks_relay'));
    await runner.query(webhookSql('hooks', roles));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema hooks cascade');
  }
}

export const hooksSchema = defineSchema({
  name: 'hooks',
  migrations: [CreateHooks1795300000000],
  roles: ['hooks_api', 'hooks_worker', 'hooks_relay'],
});

export function hooksDatabase(): Promise<TestDatabase> {
  return testDatabase([hooksSchema]);
}
