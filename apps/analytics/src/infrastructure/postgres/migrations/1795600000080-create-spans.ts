import { tenantPolicySql } from '@libs/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLES = { apiRoles: ['analytics_api'], workerRoles: ['analytics_worker'] };
const TABLES = ['span_built', 'span_rollup', 'span_dimension'];

/** Runs of 2, 4, 8, 16 and 32 local days: a report over a month reads a handful of rows instead of 30. */
export class CreateSpans1795600000080 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(MADE);
    await runner.query(SPANS);
    for (const table of TABLES)
      await runner.query(`
${tenantPolicySql(`analytics.${table}`, ROLES)}
grant select on analytics.${table} to analytics_api;
grant select, insert, update, delete on analytics.${table} to analytics_worker;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table ${TABLES.map((table) => `analytics.${table}`).join(', ')};
alter table analytics.day_built drop column made;`);
  }
}

// Which making of a day it is: a later one has a larger number, whoever made it.
const MADE = `
alter table analytics.day_built add column made bigint not null default nextval('analytics.touches');
`;

// A span begins at a multiple of its length, counted from 1970-01-01, so the smaller ones lie in the larger ones like the branches of
// a tree. It is good as long as all its days are, and the sum of their numbers is what it was made of: that of any later making is
// larger.
const SPANS = `
create table analytics.span_built (
  tenant_id uuid not null,
  app_id uuid not null,
  time_zone text not null,
  days smallint not null check (days in (2, 4, 8, 16, 32)),
  first_day date not null,
  made bigint not null,
  made_at timestamptz not null,
  primary key (tenant_id, app_id, time_zone, days, first_day)
);
create table analytics.span_rollup (
  tenant_id uuid not null,
  app_id uuid not null,
  time_zone text not null,
  event_type text not null,
  days smallint not null,
  first_day date not null,
  events bigint not null,
  users bytea not null,
  sessions bytea not null,
  primary key (tenant_id, app_id, time_zone, event_type, days, first_day)
);
alter table analytics.span_rollup alter users set storage external, alter sessions set storage external;

create table analytics.span_dimension (
  tenant_id uuid not null,
  app_id uuid not null,
  time_zone text not null,
  event_type text not null,
  dimension text not null,
  days smallint not null,
  first_day date not null,
  value text,
  events bigint not null,
  unique nulls not distinct (tenant_id, app_id, time_zone, event_type, dimension, days, first_day, value)
);
`;
