import { operatorSql, tenantPolicySql } from './policies';
import { OWNER_ROLE } from './roles';

/**
 * SQL for a migration: `<schema>.outbox`. A row carries all facts of one transaction for one (tenant, topic), 500 at
 * most, as finished envelopes.
 * @param writers API roles and worker roles whose transactions record facts
 * @param relay the one role that sees every tenant's rows: it claims, marks and purges
 */
export function outboxSql(
  schema: string,
  writers: { apiRoles?: readonly string[]; workerRoles?: readonly string[] },
  relay: string,
): string {
  const table = `${schema}.outbox`;
  return `
create table ${table} (
  tenant_id uuid not null,
  id uuid not null,
  topic text not null,
  messages json not null,
  message_count integer not null check (message_count > 0),
  created_at timestamptz not null default clock_timestamp(),
  attempts integer not null default 0,
  leased_until timestamptz,
  sent_at timestamptz,
  primary key (tenant_id, id)
) with (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05);
-- Rows live for minutes: compressing them costs more than the disk they would save.
alter table ${table} alter column messages set storage external;
create index outbox_unsent on ${table} (id) where sent_at is null;
create index outbox_sent on ${table} (sent_at) where sent_at is not null;
${tenantPolicySql(table, writers)}
grant insert on ${table} to ${[...(writers.apiRoles ?? []), ...(writers.workerRoles ?? [])].join(', ')};
create policy relay on ${table} to ${relay} using (true) with check (true);
grant select, delete on ${table} to ${relay};
grant update (attempts, leased_until, sent_at) on ${table} to ${relay};
`;
}

/** SQL for a migration: `<schema>.inbox`, the messages that already had their effect. */
export function inboxSql(
  schema: string,
  readers: { apiRoles?: readonly string[]; workerRoles?: readonly string[] },
): string {
  const table = `${schema}.inbox`;
  return `
create table ${table} (
  tenant_id uuid not null,
  consumer text not null,
  message_id uuid not null,
  received_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, consumer, message_id)
);
create index inbox_received on ${table} (tenant_id, received_at);
${tenantPolicySql(table, readers)}
grant select, insert, delete on ${table} to ${[...(readers.apiRoles ?? []), ...(readers.workerRoles ?? [])].join(', ')};
`;
}

/**
 * SQL for a migration: `<schema>.dead_letter`. A letter without a tenant (it could not even be read) is the workers' and the
 * operator's alone.
 */
export function deadLetterSql(
  schema: string,
  readers: { apiRoles?: readonly string[]; workerRoles: readonly string[] },
): string {
  const table = `${schema}.dead_letter`;
  const workers = readers.workerRoles.join(', ');
  const condition = 'tenant_id is null or tenant_id in (select app.tenant_ids())';
  const api = readers.apiRoles?.length
    ? `create policy tenant on ${table} for select to ${readers.apiRoles.join(', ')} using (tenant_id = (select app.tenant_id()));
grant select on ${table} to ${readers.apiRoles.join(', ')};`
    : '';
  return `
create table ${table} (
  id uuid primary key,
  tenant_id uuid,
  source text not null,
  reason text not null,
  detail text not null,
  payload text not null,
  created_at timestamptz not null default clock_timestamp(),
  redriven_at timestamptz
);
create index dead_letter_pending on ${table} (source, id) where redriven_at is null;
alter table ${table} enable row level security;
alter table ${table} force row level security;
create policy tenants on ${table} to ${workers} using (${condition}) with check (${condition});
grant select, insert on ${table} to ${workers};
grant update (redriven_at) on ${table} to ${workers};
${api}
${operatorSql(table)};
`;
}

/**
 * SQL for a migration: dead letters go 90 days after they came, by `<schema>.purge_dead_letters(most)`. Of whom a letter is nobody
 * can tell before it is mended, so an erasure does not find it: it must have an end. The owner sees, of all tenants and of none,
 * just what is to go.
 */
export function purgeDeadLettersSql(schema: string, workerRole: string): string {
  return `
create index dead_letter_age on ${schema}.dead_letter (created_at);
create policy expired on ${schema}.dead_letter to ${OWNER_ROLE} using (created_at < now() - interval '90 days');
create function ${schema}.purge_dead_letters(most integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
declare
  gone integer;
begin
  if not pg_try_advisory_xact_lock(hashtext('${schema}.dead_letter')) then return 0; end if;
  delete from ${schema}.dead_letter where id in
    (select id from ${schema}.dead_letter where created_at < now() - interval '90 days' order by created_at limit most);
  get diagnostics gone = row_count;
  return gone;
end $$;
revoke all on function ${schema}.purge_dead_letters(integer) from public;
grant execute on function ${schema}.purge_dead_letters(integer) to ${workerRole};
`;
}
