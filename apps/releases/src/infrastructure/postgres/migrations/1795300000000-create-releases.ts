import { deadLetterSql, outboxSql, tenantPolicySql } from '@libs/database';
import { MigrationInterface, QueryRunner } from 'typeorm';

const API = ['releases_api'];
const WORKER = ['releases_worker'];

export class CreateReleases1795300000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
create table releases.release (
  tenant_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  amount bigint not null check (amount <> 0 and amount between -1000000000000000 and 1000000000000000),
  description text not null check (description <> ''),
  metadata json,
  occurred_at timestamptz not null,
  business_date date not null,
  input_hash text not null,
  request_id text not null,
  posted_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create index release_newest_first on releases.release (tenant_id, occurred_at desc, id desc);
${tenantPolicySql('releases.release', { apiRoles: API, workerRoles: WORKER })}
grant select on releases.release to ${API.join()};
grant select, insert on releases.release to ${WORKER.join()};

create table releases.rejection (
  tenant_id uuid not null,
  release_id uuid not null,
  input_hash text not null,
  user_id uuid,
  reason text not null,
  detail text not null,
  rejected_at timestamptz not null default now(),
  primary key (tenant_id, release_id, input_hash)
);
${tenantPolicySql('releases.rejection', { apiRoles: API, workerRoles: WORKER })}
grant select on releases.rejection to ${API.join()};
grant select, insert, delete on releases.rejection to ${WORKER.join()};

create table releases.tenant (
  tenant_id uuid primary key,
  time_zone text not null,
  status text not null check (status in ('active', 'suspended')),
  revision bigint not null
);
${tenantPolicySql('releases.tenant', { apiRoles: API, workerRoles: WORKER })}
grant select on releases.tenant to ${API.join()};
grant select, insert, update on releases.tenant to ${WORKER.join()};

${outboxSql('releases', { workerRoles: WORKER }, 'releases_relay')}
${deadLetterSql('releases', { workerRoles: WORKER })}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'drop table releases.dead_letter, releases.outbox, releases.tenant, releases.rejection, releases.release',
    );
  }
}
