import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What proves a person beside the password. Global, as the person is: no tenant's data, so no tenant's policy. A person
 * whom another provider proves has no password here.
 */
export class LocalIdentity1795400000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table auth.user alter column password_hash drop not null, add column confirmed_at timestamptz;
grant update (password_hash, confirmed_at) on auth.user to auth_api;

create table auth.totp (
  user_id uuid primary key references auth.user,
  sealed_secret bytea,
  enrolled_at timestamptz,
  last_step bigint not null default 0,
  pending_secret bytea,
  pending_since timestamptz,
  check ((sealed_secret is null) = (enrolled_at is null)),
  check ((pending_secret is null) = (pending_since is null))
);
grant select, insert, update, delete on auth.totp to auth_api;

create table auth.recovery_code (
  user_id uuid not null references auth.user,
  hash bytea not null check (length(hash) = 32),
  used_at timestamptz,
  primary key (user_id, hash)
);
grant select, insert, delete, update (used_at) on auth.recovery_code to auth_api;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop table auth.recovery_code, auth.totp;
alter table auth.user drop column confirmed_at`);
  }
}
