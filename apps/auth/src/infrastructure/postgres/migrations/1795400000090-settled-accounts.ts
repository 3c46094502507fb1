import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An account is settled once mailbox and password were shown to be in one hand; until then, whoever takes it over by the
 * mailbox alone clears what was planted. Who confirmed before there was this difference counts as settled.
 */
export class SettledAccounts1795400000090 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table auth.user add column settled_at timestamptz;
update auth.user set settled_at = confirmed_at;
grant update (settled_at) on auth.user to auth_api;
grant delete on auth.identity to auth_api;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
revoke delete on auth.identity from auth_api;
alter table auth.user drop column settled_at`);
  }
}
