import { tenantPolicySql } from '@libs/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Settings and custom domains of a tenant, invitations, members that change and leave, denials made by a command. */
export class Tenancy1795400000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TENANT);
    await runner.query(DOMAINS);
    await runner.query(MEMBERS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop table auth.verified_domain, auth.domain, auth.invitation;
revoke update (role), delete on auth.membership from auth_api;
delete from auth.denial where subject = 'tenant';
alter table auth.denial drop column unpublished;
revoke update (name, time_zone, night_limit, origins, domains, status, revision) on auth.tenant from auth_api;
alter table auth.tenant drop column domains, drop column default_app_id, drop column night_limit`);
  }
}

// The default is there for the tenants of before; from now on the domain chooses the id. It is volatile, so each row
// gets its own, and an UPDATE would see no row behind forced row-level security.
const TENANT = `
alter table auth.tenant
  add column domains text[] not null default '{}',
  add column default_app_id uuid not null default gen_random_uuid(),
  add column night_limit bigint not null default 100000 check (night_limit between 0 and 1000000000000000);
alter table auth.tenant
  alter column default_app_id drop default,
  alter column night_limit drop default;
grant update (name, time_zone, night_limit, origins, domains, status, revision) on auth.tenant to auth_api;
`;

// Any number of tenants may try to prove a domain; only who controls its DNS can, so an unproven claim blocks nobody.
// One tenant has it then: verified_domain is unique over all of them, and so the one global table here.
const DOMAINS = `
create table auth.domain (
  tenant_id uuid not null references auth.tenant,
  name text not null,
  proof text not null,
  created_at timestamptz not null,
  verified_at timestamptz,
  primary key (tenant_id, name)
);
${tenantPolicySql('auth.domain', { apiRoles: ['auth_api'] })}
grant select, insert, delete, update (verified_at) on auth.domain to auth_api;

create table auth.verified_domain (
  name text constraint verified_domain_key primary key,
  tenant_id uuid not null references auth.tenant
);
${tenantPolicySql('auth.verified_domain', { apiRoles: ['auth_api'] })}
grant select, insert, delete on auth.verified_domain to auth_api;
`;

const MEMBERS = `
grant update (role), delete on auth.membership to auth_api;

create table auth.invitation (
  tenant_id uuid not null references auth.tenant,
  id uuid not null,
  email text not null,
  role text not null check (role in ('owner', 'admin', 'operator', 'viewer')),
  token_hash bytea not null check (length(token_hash) = 32),
  invited_by uuid not null references auth.user,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  withdrawn_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, token_hash)
);
create unique index invitation_open on auth.invitation (tenant_id, email)
  where accepted_at is null and withdrawn_at is null;
${tenantPolicySql('auth.invitation', { apiRoles: ['auth_api'], operator: false })}
grant select, insert, update (accepted_at, withdrawn_at) on auth.invitation to auth_api;

alter table auth.denial add column unpublished boolean not null default false;
create index denial_unpublished on auth.denial (subject) where unpublished;
`;
