import { tenantPolicySql } from '@libs/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLES = { apiRoles: ['analytics_api'], workerRoles: ['analytics_worker'] };

/** Sessions as the server sees them: a visitor's events of an application with less than 30 minutes between any two. */
export class CreateSessions1795600000030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SESSIONS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table analytics.sessions');
  }
}

const SESSIONS = `
create table analytics.sessions (
  tenant_id uuid not null,
  app_id uuid not null,
  visitor bigint not null,
  started_at timestamptz not null,
  ended_at timestamptz not null check (ended_at >= started_at),
  user_id text,
  events integer not null check (events > 0),
  page_views integer not null,
  entry_url text,
  exit_url text,
  referrer text,
  device text,
  country text,
  primary key (tenant_id, app_id, visitor, started_at)
);
create index sessions_started on analytics.sessions (tenant_id, app_id, started_at);
create index sessions_ended on analytics.sessions (tenant_id, app_id, ended_at);
create index sessions_user on analytics.sessions (tenant_id, user_id) where user_id is not null;
${tenantPolicySql('analytics.sessions', ROLES)}
grant select on analytics.sessions to analytics_api;
grant select, insert, update, delete on analytics.sessions to analytics_worker;
`;
