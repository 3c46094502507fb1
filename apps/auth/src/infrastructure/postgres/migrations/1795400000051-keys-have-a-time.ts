import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A signing key is published before it signs; what it signed has run out, it is deleted. */
export class KeysHaveATime1795400000051 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table auth.signing_key add column activates_at timestamptz;
update auth.signing_key set activates_at = created_at;
alter table auth.signing_key alter column activates_at set not null;
grant delete on auth.signing_key to auth_api`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
revoke delete on auth.signing_key from auth_api;
alter table auth.signing_key drop column activates_at`);
  }
}
