import { outboxSql, tenantPolicySql } from '@libs/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLES = { apiRoles: ['events_api'], workerRoles: ['events_worker'] };

/** The facts this service tells, erasures of persons, and the marks that keep what was erased from coming back. */
export class CreateErasures1795500000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(outboxSql('events', ROLES, 'events_relay'));
    await runner.query(ERASURE);
    await runner.query(ERASED_PERSON);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table events.erased_person, events.erasure, events.outbox');
  }
}

// Says nowhere whom it erased: once it is done nothing here may name the person.
const ERASURE = `
create table events.erasure (
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
${tenantPolicySql('events.erasure', ROLES)}
grant select, insert on events.erasure to events_api;
grant select, insert, update on events.erasure to events_worker;
`;

// A keyed hash, kept for ever: it recognises the person's events and names nobody without the key.
const ERASED_PERSON = `
create table events.erased_person (
  tenant_id uuid not null,
  person bytea not null check (length(person) = 32),
  erased_at timestamptz not null,
  primary key (tenant_id, person)
);
${tenantPolicySql('events.erased_person', { workerRoles: ['events_worker'] })}
grant select, insert, update on events.erased_person to events_worker;
`;
