import { operatorSql, outboxSql, tenantPolicySql } from '@libs/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Users are global and tenants are found by subdomain, so those two tables have unique keys of their own; everything
 * else is a tenant's. The one way across tenants is `auth.person_id()`: a person whose identity was proven sees their
 * own memberships, to choose the tenant to sign in to.
 */
export class CreateAuth1795300000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PEOPLE);
    await runner.query(SESSIONS);
    await runner.query(KEYS);
    await runner.query(outboxSql('auth', { apiRoles: ['auth_api'] }, 'auth_relay'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table auth.outbox, auth.signing_key, auth.denial, auth.refresh_token, auth.session, auth.membership,
         auth.tenant, auth.user;
       drop function auth.person_id()`,
    );
  }
}

const PEOPLE = `
create function auth.person_id() returns uuid language sql stable
  as $$ select nullif(current_setting('auth.person_id', true), '')::uuid $$;
grant execute on function auth.person_id() to auth_api;

create table auth.user (
  id uuid primary key,
  email text not null constraint user_email_key unique,
  name text not null,
  password_hash text not null,
  created_at timestamptz not null
);
grant select, insert on auth.user to auth_api;
grant select (id, created_at) on auth.user to operator;

create table auth.tenant (
  id uuid primary key,
  name text not null,
  subdomain text not null constraint tenant_subdomain_key unique,
  time_zone text not null,
  status text not null check (status in ('active', 'suspended')),
  origins text[] not null default '{}',
  revision integer not null check (revision > 0),
  created_at timestamptz not null
);

create table auth.membership (
  tenant_id uuid not null references auth.tenant,
  user_id uuid not null references auth.user,
  role text not null check (role in ('owner', 'admin', 'operator', 'viewer')),
  created_at timestamptz not null,
  primary key (tenant_id, user_id)
);
create index membership_person on auth.membership (user_id);
${tenantPolicySql('auth.membership', { apiRoles: ['auth_api'] })}
create policy person on auth.membership for select to auth_api using (user_id = (select auth.person_id()));
grant select, insert on auth.membership to auth_api;

alter table auth.tenant enable row level security;
alter table auth.tenant force row level security;
create policy tenant on auth.tenant to auth_api
  using (id = (select app.tenant_id())) with check (id = (select app.tenant_id()));
create policy person on auth.tenant for select to auth_api
  using (id in (select tenant_id from auth.membership where user_id = (select auth.person_id())));
grant select, insert on auth.tenant to auth_api;
${operatorSql('auth.tenant')};
`;

const SESSIONS = `
create table auth.session (
  tenant_id uuid not null,
  id uuid not null,
  user_id uuid not null references auth.user,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_reason text,
  ip text,
  user_agent text,
  primary key (tenant_id, id)
);
create index session_person on auth.session (tenant_id, user_id);
${tenantPolicySql('auth.session', { apiRoles: ['auth_api'] })}
grant select, insert, delete, update (last_used_at, ended_at, ended_reason, ip, user_agent) on auth.session to auth_api;

create table auth.refresh_token (
  tenant_id uuid not null,
  hash bytea not null check (length(hash) = 32),
  session_id uuid not null,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  spent_at timestamptz,
  successor_hash bytea,
  sealed_successor bytea,
  primary key (tenant_id, hash),
  foreign key (tenant_id, session_id) references auth.session on delete cascade
);
create index refresh_token_session on auth.refresh_token (tenant_id, session_id);
${tenantPolicySql('auth.refresh_token', { apiRoles: ['auth_api'], operator: false })}
grant select, insert, delete, update (spent_at, successor_hash, sealed_successor) on auth.refresh_token to auth_api;
`;

// Neither belongs to a tenant: a denial is an opaque session id, a signing key serves all.
const KEYS = `
create table auth.denial (
  session_id uuid primary key,
  denied_until timestamptz not null
);
create index denial_end on auth.denial (denied_until);
grant select, insert, update, delete on auth.denial to auth_api;

create table auth.signing_key (
  kid text primary key,
  public_jwk jsonb not null,
  sealed_private_key bytea not null,
  created_at timestamptz not null,
  retired_at timestamptz
);
grant select, insert on auth.signing_key to auth_api;
`;
