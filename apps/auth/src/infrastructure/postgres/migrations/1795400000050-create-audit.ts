import { tenantPolicySql } from '@libs/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The audit log: entries that nobody changes or removes (no grant, and a trigger for whoever owns the table), each
 * chained to the one before by a MAC, and the head of each tenant's chain.
 */
export class CreateAudit1795400000050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
create table auth.audit_entry (
  tenant_id uuid not null,
  seq bigint not null check (seq > 0),
  -- Whole milliseconds, because no more of it is in the MAC.
  occurred_at timestamptz(3) not null,
  action text not null,
  actor_kind text not null check (actor_kind in ('person', 'key', 'operator', 'system')),
  actor_id text,
  target text,
  -- json keeps the text as it was written, which jsonb would not.
  details json not null,
  request_id text not null,
  mac bytea not null check (length(mac) = 32),
  primary key (tenant_id, seq)
);
create index audit_entry_time on auth.audit_entry (tenant_id, occurred_at);
create index audit_entry_action on auth.audit_entry (tenant_id, action, seq);
create index audit_entry_actor on auth.audit_entry (tenant_id, actor_id, seq);
create index audit_entry_target on auth.audit_entry (tenant_id, target, seq);
${tenantPolicySql('auth.audit_entry', { apiRoles: ['auth_api'] })}
grant select, insert on auth.audit_entry to auth_api;

create table auth.audit_head (
  tenant_id uuid primary key,
  seq bigint not null check (seq >= 0),
  mac bytea not null check (length(mac) = 32),
  seal bytea not null check (length(seal) = 32)
);
${tenantPolicySql('auth.audit_head', { apiRoles: ['auth_api'] })}
grant select, insert, update (seq, mac, seal) on auth.audit_head to auth_api;

create function auth.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger append_only before update or delete or truncate on auth.audit_entry
  for each statement execute function auth.refuse_change();
create trigger kept before delete or truncate on auth.audit_head
  for each statement execute function auth.refuse_change();

create function auth.refuse_return() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log only grows' using errcode = 'restrict_violation';
end $$;
create trigger only_forward before update on auth.audit_head
  for each row when (new.seq <= old.seq or new.tenant_id <> old.tenant_id) execute function auth.refuse_return();
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop table auth.audit_entry, auth.audit_head;
drop function auth.refuse_change();
drop function auth.refuse_return()`);
  }
}
