import { tenantPolicySql } from '@libs/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROLES = { apiRoles: ['analytics_api'], workerRoles: ['analytics_worker'] };
const TABLES = [
  'app_state',
  'touched_day',
  'quarter_rollup',
  'quarter_dimension',
  'day_built',
  'day_rollup',
  'day_dimension',
];

/** What reports are read from: sums and sketches by quarter of an hour, and days made of them. */
export class CreateRollups1795600000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(STATE);
    await runner.query(QUARTERS);
    await runner.query(DAYS);
    for (const table of TABLES) {
      await runner.query(tenantPolicySql(`analytics.${table}`, ROLES));
      await runner.query(`
grant select on analytics.${table} to analytics_api;
grant select, insert, update, delete on analytics.${table} to analytics_worker;`);
    }
    await runner.query(UPKEEP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table ${TABLES.map((table) => `analytics.${table}`).join(', ')};
drop sequence analytics.touches;`);
  }
}

// Whoever changes an application's rollups locks its app_state first, after the raw events and before everything else; who waits
// for a raw event's key never holds it. touched_day says when a UTC day last changed: readers and caches compare its seq.
const STATE = `
create sequence analytics.touches;
grant usage on sequence analytics.touches to analytics_worker;
create table analytics.app_state (
  tenant_id uuid not null,
  app_id uuid not null,
  seq bigint not null,
  -- of the newest event that was rolled up, by our clock
  newest_at timestamptz not null,
  changed_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, app_id)
);
create table analytics.touched_day (
  tenant_id uuid not null,
  app_id uuid not null,
  -- UTC
  day date not null,
  seq bigint not null,
  changed_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, app_id, day)
);
`;

// event_type '*' stands for all of them, so that a person who did two things is counted once. Sketches: domain/unique-sketch.ts;
// their bytes do not compress.
const QUARTERS = `
create table analytics.quarter_rollup (
  tenant_id uuid not null,
  app_id uuid not null,
  event_type text not null,
  -- the beginning of the quarter of an hour, UTC
  bucket timestamptz not null,
  events bigint not null check (events > 0),
  users bytea not null,
  sessions bytea not null,
  primary key (tenant_id, app_id, event_type, bucket)
);
alter table analytics.quarter_rollup alter users set storage external, alter sessions set storage external;

-- value null: the remainder, of events whose value came when the bucket had its fill of values; '' : the events without one
create table analytics.quarter_dimension (
  tenant_id uuid not null,
  app_id uuid not null,
  event_type text not null,
  dimension text not null check (dimension in ('device', 'browser', 'os', 'country', 'referrer', 'url')),
  bucket timestamptz not null,
  value text,
  events bigint not null check (events > 0),
  unique nulls not distinct (tenant_id, app_id, event_type, dimension, bucket, value)
);
`;

// Of local days: made of their quarters in the background, as far as they are over, and made again when those changed. One is good
// as long as day_built.seq is not below the seq of the UTC days that it lies in; of the last days, which share a UTC day with what
// comes in now, as long as mark is what the versions of their quarters still come to (built-days.sql.ts).
const DAYS = `
create table analytics.day_built (
  tenant_id uuid not null,
  app_id uuid not null,
  time_zone text not null,
  day date not null,
  starts_at timestamptz not null,
  -- of what is in it: today is not over
  ends_at timestamptz not null check (ends_at > starts_at),
  seq bigint not null,
  mark text not null,
  primary key (tenant_id, app_id, time_zone, day)
);
create table analytics.day_rollup (
  tenant_id uuid not null,
  app_id uuid not null,
  time_zone text not null,
  event_type text not null,
  day date not null,
  events bigint not null,
  -- what the sketches come to
  user_count bigint not null,
  session_count bigint not null,
  users bytea not null,
  sessions bytea not null,
  primary key (tenant_id, app_id, time_zone, event_type, day)
);
alter table analytics.day_rollup alter users set storage external, alter sessions set storage external;

-- here event_type may be '*', too
create table analytics.day_dimension (
  tenant_id uuid not null,
  app_id uuid not null,
  time_zone text not null,
  event_type text not null,
  dimension text not null,
  day date not null,
  value text,
  events bigint not null,
  unique nulls not distinct (tenant_id, app_id, time_zone, event_type, dimension, day, value)
);
`;

// Which applications there are, for who makes the days of all of them.
const UPKEEP = `
create policy upkeep on analytics.app_state for select to analytics_worker using (true);
`;
