import { tenantPolicySql } from '@libs/database';

export interface ErasureRoles {
  /** Ask for erasures, and look how far they are. */
  apiRoles: readonly string[];
  /** Erase, for the tenants of the batch at hand. */
  workerRoles: readonly string[];
}

/**
 * SQL for a migration: a service's erasures of persons, and the marks that keep what was erased from coming back.
 * - `erasure` says nowhere whom it erased: once it is done nothing here may name the person.
 * - `erased_person` is a keyed hash, kept for ever: it recognises the person's events and names nobody without the key.
 */
export function erasureSql(schema: string, { apiRoles, workerRoles }: ErasureRoles): string {
  const [apis, workers] = [apiRoles.join(', '), workerRoles.join(', ')];
  return `
create table ${schema}.erasure (
  tenant_id uuid not null,
  id uuid not null,
  status text not null default 'queued' check (status in ('queued', 'running', 'completed')),
  requested_at timestamptz not null default clock_timestamp(),
  -- null where another service asked
  requested_by uuid,
  erased_at timestamptz not null,
  completed_at timestamptz,
  erased jsonb not null default '{}',
  primary key (tenant_id, id)
);
${tenantPolicySql(`${schema}.erasure`, { apiRoles, workerRoles })}
grant select, insert on ${schema}.erasure to ${apis};
grant select, insert, update on ${schema}.erasure to ${workers};

create table ${schema}.erased_person (
  tenant_id uuid not null,
  person bytea not null check (length(person) = 32),
  erased_at timestamptz not null,
  primary key (tenant_id, person)
);
${tenantPolicySql(`${schema}.erased_person`, { workerRoles })}
grant select, insert, update on ${schema}.erased_person to ${workers};
`;
}
