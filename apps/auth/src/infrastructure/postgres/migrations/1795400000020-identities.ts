import { tenantPolicySql } from '@libs/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who a person is to another provider, and what a session needs to act there. An identity is global, as its user is:
 * it is looked up before any tenant is known.
 */
export class Identities1795400000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
create table auth.identity (
  issuer text not null check (length(issuer) between 1 and 255),
  subject text not null check (length(subject) between 1 and 255),
  user_id uuid not null references auth.user,
  linked_at timestamptz not null,
  primary key (issuer, subject),
  constraint identity_user_key unique (user_id, issuer)
);
grant select, insert on auth.identity to auth_api;

create table auth.session_grant (
  tenant_id uuid not null,
  session_id uuid not null,
  sealed bytea not null,
  kept_at timestamptz not null,
  primary key (tenant_id, session_id),
  foreign key (tenant_id, session_id) references auth.session on delete cascade
);
${tenantPolicySql('auth.session_grant', { apiRoles: ['auth_api'], operator: false })}
grant select, insert, delete, update (sealed, kept_at) on auth.session_grant to auth_api;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table auth.session_grant, auth.identity');
  }
}
