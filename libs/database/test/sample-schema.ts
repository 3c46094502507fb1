import type { MigrationInterface, QueryRunner } from 'typeorm';
import { deadLetterSql, inboxSql, outboxSql } from '../src/message-tables';
import { tenantPolicySql } from '../src/policies';
import { defineSchema } from '../src/schema';

/** A context as small as possible: one table of tenants' notes, and the three message tables. */
class CreateSample1795300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const roles = { apiRoles: ['sample_api'], workerRoles: ['sample_worker'] };
    await runner.query(`
      create table sample.note (
        tenant_id uuid not null, id uuid not null default gen_random_uuid(), text text not null,
        primary key (tenant_id, id), unique (tenant_id, text)
      );
      ${tenantPolicySql('sample.note', roles)}
      grant select, insert, update, delete on sample.note to sample_api, sample_worker;
      ${outboxSql('sample', roles, 'sample_relay')}
      ${inboxSql('sample', { workerRoles: ['sample_worker'] })}
      ${deadLetterSql('sample', roles)}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema sample cascade');
  }
}

export const sampleSchema = defineSchema({
  name: 'sample',
  migrations: [CreateSample1795300000000],
  // The guest's attributes are played with; roles belong to the whole server, where other specs run.
  roles: ['sample_api', 'sample_worker', 'sample_relay', 'sample_guest'],
});
