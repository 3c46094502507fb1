import { tenantPolicySql } from '@libs/database';
import { MigrationInterface, QueryRunner } from 'typeorm';

const API = ['releases_api'];

/** Receipts: the rows here, the bytes in S3. No foreign key to a release: a queued one has no row yet. */
export class Documents1795400000090 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
create table releases.document (
  tenant_id uuid not null,
  release_id uuid not null,
  id uuid not null,
  name text not null check (name <> ''),
  content_type text not null,
  size integer not null check (size > 0),
  sha256 bytea not null check (length(sha256) = 32),
  uploaded_by uuid not null,
  created_at timestamptz not null,
  stored_at timestamptz,
  primary key (tenant_id, release_id, id)
);
${tenantPolicySql('releases.document', { apiRoles: API })}
grant select, insert, delete, update (stored_at) on releases.document to ${API.join()};`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table releases.document');
  }
}
