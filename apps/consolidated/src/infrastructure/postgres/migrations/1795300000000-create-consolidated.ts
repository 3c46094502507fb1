import type { MigrationInterface, QueryRunner } from 'typeorm';
import { deadLetterSql, tenantPolicySql } from '@libs/database';

const API = ['consolidated_api'];
const WORKER = ['consolidated_worker'];

export class CreateConsolidated1795300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // A business date is within a day of the UTC date in every time zone there is; the balance at an instant counts
    // on it. Totals are numeric: ten thousand of the largest amounts already overflow a bigint.
    await runner.query(`
create table consolidated.entry (
  tenant_id uuid not null,
  release_id uuid not null,
  occurred_at timestamptz(3) not null,
  business_date date not null,
  amount bigint not null check (amount <> 0 and amount between -1000000000000000 and 1000000000000000),
  primary key (tenant_id, release_id),
  constraint business_date_on_some_clock check (
    business_date between (occurred_at at time zone 'UTC')::date - 1 and (occurred_at at time zone 'UTC')::date + 1)
);
create index entry_by_day on consolidated.entry (tenant_id, business_date, occurred_at) include (amount);

create table consolidated.daily (
  tenant_id uuid not null,
  business_date date not null,
  credits numeric(38, 0) not null check (credits >= 0),
  debits numeric(38, 0) not null check (debits >= 0),
  count bigint not null check (count >= 0),
  primary key (tenant_id, business_date)
) with (fillfactor = 50);

create table consolidated.tenant (
  tenant_id uuid primary key,
  time_zone text not null,
  status text not null check (status in ('active', 'suspended')),
  revision bigint not null
);

grant select on consolidated.entry, consolidated.daily, consolidated.tenant to consolidated_api, consolidated_worker;
grant insert on consolidated.entry, consolidated.daily, consolidated.tenant to consolidated_worker;
grant update on consolidated.daily, consolidated.tenant to consolidated_worker;
`);
    for (const table of ['entry', 'daily', 'tenant'])
      await runner.query(tenantPolicySql(`consolidated.${table}`, { apiRoles: API, workerRoles: WORKER }));
    await runner.query(deadLetterSql('consolidated', { workerRoles: WORKER }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table consolidated.entry, consolidated.daily, consolidated.tenant');
    await runner.query('drop table consolidated.dead_letter');
  }
}
