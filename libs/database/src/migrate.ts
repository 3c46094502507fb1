import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { OWNER_ROLE } from './roles';
import { ensureRoles } from './role-setup';
import { SchemaDefinition } from './schema';

/** Any number will do, as long as every migrator uses the same. */
const MIGRATION_LOCK = 7_021_112_026;

// Policies call these. Outside a TenantTransaction the settings are absent or '': no tenant, so no row.
const APP_SQL = `
create schema if not exists app authorization ${OWNER_ROLE};
create or replace function app.tenant_id() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$;
create or replace function app.tenant_ids() returns setof uuid language sql stable parallel safe
  as $$ select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[]) $$;
`;

export interface MigrationOutcome {
  schema: string;
  /** Names of the migrations that ran just now. */
  applied: string[];
}

/**
 * Brings a database up to date: roles and their passwords, one schema per bounded context, each schema's migrations as
 * the owner. Idempotent; several may run at once (an advisory lock lines them up).
 * @param adminUrl a role that may create roles and schemas
 * @param roleSecret what the roles' passwords are derived from (DATABASE_ROLE_SECRET)
 */
export async function migrate(
  adminUrl: string,
  schemas: readonly SchemaDefinition[],
  roleSecret: string,
): Promise<MigrationOutcome[]> {
  const admin = new Client({ connectionString: adminUrl, application_name: 'moneyflow-migrate' });
  await admin.connect();
  try {
    await admin.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const roles = [...new Set(schemas.flatMap((schema) => schema.roles))];
    const readers = await ensureRoles(admin, roles, roleSecret);
    await admin.query(APP_SQL);
    await admin.query(`grant usage on schema app to ${readers.join(', ')}`);
    const outcomes: MigrationOutcome[] = [];
    for (const schema of schemas) {
      await admin.query(`create schema if not exists ${schema.name} authorization ${OWNER_ROLE}`);
      await admin.query(
        `grant usage on schema ${schema.name} to ${[...schema.roles, 'operator'].join(', ')}`,
      );
      outcomes.push({ schema: schema.name, applied: await runMigrations(adminUrl, schema) });
    }
    return outcomes;
  } finally {
    await admin.end(); // the lock ends with its session
  }
}

async function runMigrations(adminUrl: string, schema: SchemaDefinition): Promise<string[]> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: adminUrl,
    schema: schema.name,
    migrations: [...schema.migrations],
    migrationsTableName: 'migration',
    installExtensions: false,
    poolSize: 1,
    applicationName: `moneyflow-migrate-${schema.name}`,
    // As the owner, so that what a migration creates belongs to it, whoever the administrator is.
    extra: { options: `-c role=${OWNER_ROLE} -c search_path=${schema.name}` },
  });
  await dataSource.initialize();
  try {
    const applied = await dataSource.runMigrations({ transaction: 'each' });
    return applied.map((migration) => migration.name);
  } finally {
    await dataSource.destroy();
  }
}
