import { deadLetterSql, purgeDeadLettersSql, tenantPolicySql } from '@libs/database';
import { directorySql, dropDirectorySql } from '@libs/security';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLES = { apiRoles: ['analytics_api'], workerRoles: ['analytics_worker'] };

/** This service's own copy of auth's tenants and API keys, the tenants' zones, and what its consumers could not digest. */
export class CreateAnalytics1795600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(directorySql('analytics', ROLES));
    await runner.query(KNOWN_KEYS);
    await runner.query(TENANT_ZONE);
    await runner.query(deadLetterSql('analytics', { workerRoles: ['analytics_worker'] }));
    await runner.query(purgeDeadLettersSql('analytics', 'analytics_worker'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop function analytics.purge_dead_letters(integer);
drop table analytics.dead_letter, analytics.tenant_zone;`);
    await runner.query(dropDirectorySql('analytics'));
  }
}

// An operator sees which keys are known here, and nothing of them: whether auth must tell of them again.
const KNOWN_KEYS = `
create policy operator on analytics.api_key_directory for select to operator using (true);
grant select (tenant_id, key_id) on analytics.api_key_directory to operator;
`;

// Reports are in the tenant's zone unless they are asked for in another one.
const TENANT_ZONE = `
create table analytics.tenant_zone (
  tenant_id uuid primary key,
  time_zone text not null,
  revision bigint not null
);
${tenantPolicySql('analytics.tenant_zone', ROLES)}
grant select on analytics.tenant_zone to analytics_api;
grant select, insert, update on analytics.tenant_zone to analytics_worker;
`;
