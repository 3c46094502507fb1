import { defineSchema, outboxSql, tenantPolicySql } from '@libs/database';
import { testDatabase, TestDatabase } from '@libs/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { webhookLanesSql } from '../src/postgres/lanes-sql';
import { webhookSql } from '../src/postgres/webhook-sql';

/** A service as small as possible that has webhooks. */
class CreateHooks1795300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const roles = { apiRoles: ['hooks_api'], workerRoles: ['hooks_worker'] };
    await runner.query(outboxSql('hooks', roles, 'hooks_relay'));
    await runner.query(webhookSql('hooks', roles));
    // as far as sending looks at it
    await runner.query(
      'create table hooks.tenant_directory (tenant_id uuid primary key, status text not null)',
    );
    await runner.query(tenantPolicySql('hooks.tenant_directory', { workerRoles: roles.workerRoles }));
    await runner.query(webhookLanesSql('hooks', { ...roles, tenants: 'hooks.tenant_directory' }));
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
