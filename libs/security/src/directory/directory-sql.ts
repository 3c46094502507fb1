import { OWNER_ROLE, operatorSql, tenantPolicySql } from '@libs/database';

export interface DirectoryRoles {
  /** Look tenants up, and keys by their HMAC. */
  apiRoles: readonly string[];
  /** Keep the copies: the tenants of the batch at hand. */
  workerRoles: readonly string[];
}

/**
 * SQL for a migration: a service's own copy of the tenants and API keys that auth tells of.
 * - `tenant_directory` holds what a tenant shows the world anyway (its hosts, its origins, whether it is suspended), so
 *   every API may read all of it: it must, to know whose a host is.
 * - `api_key_directory` no API may read at all. `find_api_keys` gives the rows of the HMACs it is called with, so only who
 *   was shown a key sees its row, and nobody can list a tenant's keys.
 */
export function directorySql(schema: string, { apiRoles, workerRoles }: DirectoryRoles): string {
  const [apis, workers] = [apiRoles.join(', '), workerRoles.join(', ')];
  const tenants = `${schema}.tenant_directory`;
  const keys = `${schema}.api_key_directory`;
  const find = `${schema}.find_api_keys`;
  return `
create table ${tenants} (
  tenant_id uuid primary key,
  subdomain text not null,
  status text not null check (status in ('active', 'suspended')),
  origins text[] not null,
  domains text[] not null,
  default_app_id uuid,
  revision bigint not null,
  changed_in xid8 not null default pg_current_xact_id()
);
create index tenant_directory_changes on ${tenants} (changed_in);
${tenantPolicySql(tenants, { workerRoles, operator: false })}
create policy everybody on ${tenants} for select to ${apis} using (true);
${operatorSql(tenants)};
grant select on ${tenants} to ${apis}, ${workers};
grant insert, update on ${tenants} to ${workers};

create table ${keys} (
  tenant_id uuid not null,
  key_id uuid not null,
  hmac bytea not null check (length(hmac) = 32),
  app_id uuid not null,
  scopes text[] not null,
  requests_per_minute integer check (requests_per_minute >= 0),
  expires_at timestamptz,
  revoked_at timestamptz,
  revision bigint not null,
  primary key (tenant_id, key_id)
);
create index api_key_directory_hmac on ${keys} (hmac);
${tenantPolicySql(keys, { workerRoles, operator: false })}
create policy presented on ${keys} for select to ${OWNER_ROLE} using (true);
grant select, insert, update on ${keys} to ${workers};

create function ${find}(hmacs text[]) returns setof ${keys}
  language sql stable security definer set search_path = pg_catalog
  as $$ select * from ${keys} where hmac = any (array(select decode(h, 'hex') from unnest(hmacs) as h)) $$;
revoke all on function ${find}(text[]) from public;
grant execute on function ${find}(text[]) to ${apis};
`;
}

/** SQL that takes it all away again. */
export function dropDirectorySql(schema: string): string {
  return `
drop function ${schema}.find_api_keys(text[]);
drop table ${schema}.api_key_directory, ${schema}.tenant_directory;
`;
}
