import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a day was made, and in which zone a tenant's days are: neither is made anew as often as somebody likes. */
export class RestDays1795600000180 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REST);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table analytics.day_built drop column made_at;
alter table analytics.tenant_zone drop column days_since, drop column days_zone`);
  }
}

// days_zone: the zone that days are made in, since when; null until the first one is. It follows time_zone, at some distance.
const REST = `
alter table analytics.day_built add column made_at timestamptz not null default now();
alter table analytics.tenant_zone add column days_zone text, add column days_since timestamptz,
  add check ((days_zone is null) = (days_since is null));
`;
