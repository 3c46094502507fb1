import { outboxSql, tenantPolicySql } from '@libs/database';
import { erasureSql } from '@libs/persons';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLES = { apiRoles: ['analytics_api'], workerRoles: ['analytics_worker'] };

/** The facts this service tells, erasures of persons, the marks that keep what was erased from coming back, and what is left to do. */
export class CreateErasures1795600000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(outboxSql('analytics', ROLES, 'analytics_relay'));
    await runner.query(erasureSql('analytics', ROLES));
    await runner.query(WAITING);
    await runner.query(REBUILD);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table analytics.rebuild_day, analytics.erased_person, analytics.erasure, analytics.outbox',
    );
  }
}

// An erasure is complete once the days are made again that had a trace of the person: until then it waits, and no row of theirs
// is left.
const WAITING = `
alter table analytics.erasure add column swept_at timestamptz;
`;

// UTC days whose rollups an erasure left with a trace of the person: they are made again from the raw events.
const REBUILD = `
create table analytics.rebuild_day (
  tenant_id uuid not null,
  app_id uuid not null,
  day date not null,
  requested_at timestamptz not null default clock_timestamp(),
  -- how often: who makes the day again takes away only the marks that were there before
  marks integer not null default 1,
  -- not at once: an erasure marks a day with each piece of it that it deletes
  due_at timestamptz not null default clock_timestamp() + interval '1 second',
  primary key (tenant_id, app_id, day)
);
create index rebuild_day_due on analytics.rebuild_day (due_at);
${tenantPolicySql('analytics.rebuild_day', ROLES)}
grant select, insert, update, delete on analytics.rebuild_day to analytics_worker;
create policy upkeep on analytics.rebuild_day for select to analytics_worker using (true);
`;
