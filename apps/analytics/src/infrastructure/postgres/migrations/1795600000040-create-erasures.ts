import { outboxSql, tenantPolicySql } from '@libs/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLES = { apiRoles: ['analytics_api'], workerRoles: ['analytics_worker'] };

/** The facts this service tells, erasures of persons, and the marks that keep what was erased from coming back. */
export class CreateErasures1795600000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(outboxSql('analytics', ROLES, 'analytics_relay'));
    await runner.query(ERASURE);
    await runner.query(ERASED_PERSON);
    await runner.query(REBUILD);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table analytics.rebuild_day, analytics.erased_person, analytics.erasure, analytics.outbox',
    );
  }
}

// Says nowhere whom it erased: once it is done nothing here may name the person.
const ERASURE = `
create table analytics.erasure (
  tenant_id uuid not null,
  id uuid not null,
  status text not null default 'queued' check (status in ('queued', 'running', 'completed')),
  requested_at timestamptz not null default clock_timestamp(),
  -- null where another service asked
  requested_by uuid,
  erased_at timestamptz not null,
  completed_at timestamptz,
  erased jsonb not null default '{}',
  primary key (tenant_id, id)
);
${tenantPolicySql('analytics.erasure', ROLES)}
grant select, insert on analytics.erasure to analytics_api;
grant select, insert, update on analytics.erasure to analytics_worker;
`;

// A keyed hash, kept for ever: it recognises the person's events and names nobody without the key.
const ERASED_PERSON = `
create table analytics.erased_person (
  tenant_id uuid not null,
  person bytea not null check (length(person) = 32),
  erased_at timestamptz not null,
  primary key (tenant_id, person)
);
${tenantPolicySql('analytics.erased_person', { workerRoles: ['analytics_worker'] })}
grant select, insert, update on analytics.erased_person to analytics_worker;
`;

// UTC days whose rollups an erasure left with a trace of the person: they are made again from the raw events.
const REBUILD = `
create table analytics.rebuild_day (
  tenant_id uuid not null,
  app_id uuid not null,
  day date not null,
  requested_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, app_id, day)
);
${tenantPolicySql('analytics.rebuild_day', ROLES)}
grant select, insert, update, delete on analytics.rebuild_day to analytics_worker;
create policy upkeep on analytics.rebuild_day for select to analytics_worker using (true);
`;
