import { inboxSql, tenantPolicySql } from '@libs/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Applications, API keys and how often they were used. Of a key's text there is an HMAC and the first characters, and
 * neither lets anybody in.
 */
export class CreateAppsAndApiKeys1795400000060 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(APPS);
    await runner.query(KEYS);
    await runner.query(inboxSql('auth', USES));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table auth.inbox, auth.api_key_use, auth.api_key, auth.app');
  }
}

const API = ['auth_api'];
// The counts arrive for many tenants at once, and the role that serves requests takes them: all it could do to another
// tenant through this is to count.
const USES = { apiRoles: API, workerRoles: API };

const APPS = `
create table auth.app (
  tenant_id uuid not null references auth.tenant,
  id uuid not null,
  name text not null,
  created_at timestamptz not null,
  primary key (tenant_id, id)
);
create unique index app_name on auth.app (tenant_id, lower(name));
-- Forced row-level security shows the owner, who migrates, no tenant at all.
alter table auth.tenant no force row level security;
insert into auth.app (tenant_id, id, name, created_at)
  select id, default_app_id, 'Principal', created_at from auth.tenant;
alter table auth.tenant force row level security;
${tenantPolicySql('auth.app', { apiRoles: API })}
grant select, insert, update (name) on auth.app to auth_api;
`;

const KEYS = `
create table auth.api_key (
  tenant_id uuid not null,
  id uuid not null,
  app_id uuid not null,
  name text not null,
  prefix text not null,
  hmac text not null check (hmac ~ '^[0-9a-f]{64}$'),
  pepper_version integer not null check (pepper_version > 0),
  scopes text[] not null check (cardinality(scopes) > 0),
  requests_per_minute integer check (requests_per_minute > 0),
  created_at timestamptz not null,
  created_by uuid not null references auth.user,
  expires_at timestamptz,
  revoked_at timestamptz,
  replaces uuid,
  replaced_by uuid,
  revision integer not null check (revision > 0),
  primary key (tenant_id, id),
  unique (tenant_id, hmac),
  unique (tenant_id, replaces),
  foreign key (tenant_id, app_id) references auth.app,
  foreign key (tenant_id, replaces) references auth.api_key
);
${tenantPolicySql('auth.api_key', { apiRoles: API, operator: false })}
grant select, insert, update (expires_at, revoked_at, replaced_by, revision) on auth.api_key to auth_api;
-- An operator must know which keys still hang on an old pepper before it goes.
create policy operator on auth.api_key for select to operator using (true);
grant select (tenant_id, id, app_id, pepper_version, created_at, expires_at, revoked_at) on auth.api_key to operator;

create table auth.api_key_use (
  tenant_id uuid not null,
  key_id uuid not null,
  count bigint not null default 0 check (count >= 0),
  last_used_at timestamptz,
  primary key (tenant_id, key_id),
  foreign key (tenant_id, key_id) references auth.api_key
) with (fillfactor = 70);
${tenantPolicySql('auth.api_key_use', USES)}
grant select, insert, update (count, last_used_at) on auth.api_key_use to auth_api;
`;
