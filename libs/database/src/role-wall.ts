import { ConfigError } from '@libs/config';

interface Asker {
  query(sql: string, params: unknown[]): Promise<{ rows: RoleFacts[] }>;
}

interface RoleFacts {
  role: string;
  is_super: boolean;
  bypasses: boolean;
  owns: boolean;
  schema_exists: boolean;
  may_enter: boolean;
}

/**
 * Row-level security is the second wall between tenants and does not hold for superusers, for BYPASSRLS or for whoever
 * can become the owner. So a process refuses to serve as such a role.
 * @param variable the environment variable that named the role, for the message
 * @throws ConfigError
 */
export async function refuseUnsafeRole(connection: Asker, schema: string, variable: string): Promise<void> {
  const { rows } = await connection.query(
    `select current_user as role, role.rolsuper as is_super, role.rolbypassrls as bypasses,
       exists (select from pg_namespace n where n.nspname = $1 and pg_has_role(n.nspowner, 'member'))
         or exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                    where n.nspname = $1 and pg_has_role(c.relowner, 'member')) as owns,
       to_regnamespace($1) is not null as schema_exists,
       coalesce(has_schema_privilege(to_regnamespace($1), 'usage'), false) as may_enter
     from pg_roles role where role.rolname = current_user`,
    [schema],
  );
  const facts = rows[0];
  if (!facts) throw new ConfigError([`${variable} names a role that PostgreSQL does not know`]);
  const problem = problemOf(facts, schema);
  if (problem) throw new ConfigError([`${variable} names the role ${facts.role}, ${problem}`]);
}

function problemOf(facts: RoleFacts, schema: string): string | undefined {
  const remedy = `use the app's own role, made by npm run migrate`;
  if (facts.is_super) return `a superuser: row-level security does not bind it; ${remedy}`;
  if (facts.bypasses) return `which has BYPASSRLS: row-level security does not bind it; ${remedy}`;
  if (facts.owns) return `which owns the schema ${schema} or may become its owner; ${remedy}`;
  if (!facts.schema_exists) return `whose database has no schema ${schema}; run npm run migrate first`;
  if (!facts.may_enter) return `which may not use the schema ${schema}; ${remedy}`;
  return undefined;
}
