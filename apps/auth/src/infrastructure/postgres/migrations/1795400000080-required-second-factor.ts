import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A tenant may ask for a second factor. A user keeps when the password or the second factor last changed, and a session
 * up to which of those changes it counts: one that knows less than its user ends at its refresh.
 */
export class RequiredSecondFactor1795400000080 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table auth.tenant add column require_second_factor boolean not null default false;
grant update (require_second_factor) on auth.tenant to auth_api;

alter table auth.user add column credentials_changed_at timestamptz;
grant update (credentials_changed_at) on auth.user to auth_api;

alter table auth.session add column credentials_as_of timestamptz;
grant update (credentials_as_of) on auth.session to auth_api;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table auth.session drop column credentials_as_of;
alter table auth.user drop column credentials_changed_at;
alter table auth.tenant drop column require_second_factor`);
  }
}
