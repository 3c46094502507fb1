import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A session keeps when and how its person was proven; a denial may name more than a session. */
export class SessionsKnowHow1795400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table auth.session
  add column authenticated_at timestamptz,
  add column methods text[] not null default '{pwd}';
-- the owner is held to the policies, too, and would see no row
alter table auth.session no force row level security;
update auth.session set authenticated_at = created_at;
alter table auth.session force row level security;
alter table auth.session alter column authenticated_at set not null;
grant update (authenticated_at, methods) on auth.session to auth_api;

alter table auth.denial rename column session_id to id;
alter table auth.denial
  add column subject text not null default 'session' check (subject in ('session', 'key', 'tenant')),
  drop constraint denial_pkey,
  add primary key (subject, id);
alter table auth.denial alter column subject drop default`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
delete from auth.denial where subject <> 'session';
alter table auth.denial drop column subject;
alter table auth.denial rename column id to session_id;
alter table auth.denial add primary key (session_id);
alter table auth.session drop column authenticated_at, drop column methods`);
  }
}
