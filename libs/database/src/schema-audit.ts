import { Client } from 'pg';

export interface AuditExceptions {
  /** Tables that belong to no tenant (`user`): they need row-level security no tenant can pass, or none at all. */
  globalTables?: readonly string[];
}

/**
 * Looks for holes in the second wall of a schema: tables without forced row-level security, unique and foreign keys of
 * tenant data that do not lead with tenant_id (the first leak what others have, the second accept another tenant's row).
 * For each app's integration specs: `expect(await auditSchema(adminUrl, 'releases')).toEqual([])`.
 * @returns one sentence a finding
 */
export async function auditSchema(
  adminUrl: string,
  schema: string,
  exceptions: AuditExceptions = {},
): Promise<string[]> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const globals = ['migration', ...(exceptions.globalTables ?? [])];
    const { rows } = await client.query<{ finding: string }>(FINDINGS, [schema, globals]);
    return rows.map((row) => row.finding);
  } finally {
    await client.end();
  }
}

// A table whose tenant_id may be null (dead_letter) has no tenant to lead its key with.
const FINDINGS = `
with tenant_table as (
  select c.oid, c.relname, c.relrowsecurity and c.relforcerowsecurity as walled,
    (select a.attnum from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') as tenant_column,
    (select a.attnotnull from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') as always_owned
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relkind in ('r', 'p') and c.relname <> all ($2)
)
select relname || ' has no tenant_id and is not named as global' as finding
from tenant_table where tenant_column is null
union all
select relname || ' does not force row-level security' from tenant_table where not walled
union all
select t.relname || ': unique key ' || i.indexrelid::regclass || ' does not lead with tenant_id'
from tenant_table t join pg_index i on i.indrelid = t.oid
where i.indisunique and t.always_owned and i.indkey[0] is distinct from t.tenant_column
union all
select t.relname || ': foreign key ' || k.conname || ' does not lead with tenant_id'
from tenant_table t join pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
join tenant_table target on target.oid = k.confrelid
where k.conkey[1] is distinct from t.tenant_column or k.confkey[1] is distinct from target.tenant_column
order by 1`;
