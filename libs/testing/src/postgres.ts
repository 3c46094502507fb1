import { migrate, roleUrl, SchemaDefinition } from '@libs/database';
import { createHash, randomUUID } from 'node:crypto';
import { Client } from 'pg';

/** Set by the global setup, inherited by every test process. */
export const TEST_POSTGRES_VARIABLE = 'MONEYFLOW_TEST_POSTGRES_URL';
export const TEST_ROLE_SECRET = 'a secret for tests only';

export interface TestDatabase {
  /** Superuser: for arranging and for looking behind the walls, never for the code under test. */
  adminUrl: string;
  /** As the app would connect: `urlFor('releases_api')`. */
  urlFor(role: string): string;
  drop(): Promise<void>;
}

/**
 * A fresh, migrated database for one spec file, cloned from a template that the first spec of the run migrates.
 * @param schemas as `scripts/migrate.ts` would migrate them
 */
export async function testDatabase(schemas: readonly SchemaDefinition[]): Promise<TestDatabase> {
  const serverUrl = process.env[TEST_POSTGRES_VARIABLE];
  if (!serverUrl) throw new Error('no PostgreSQL for tests: does the Jest project name the global setup?');
  const template = templateName(schemas);
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(serverUrl, async (admin) => {
    // One spec at a time: the first makes the template, and a template cannot be copied while somebody uses it.
    await admin.query('select pg_advisory_lock(hashtext($1))', [template]);
    await ensureTemplate(admin, serverUrl, template, schemas);
    await admin.query(`create database ${name} template ${template}`);
  });
  const adminUrl = onDatabase(serverUrl, name);
  return {
    adminUrl,
    urlFor: (role) => roleUrl(adminUrl, role, TEST_ROLE_SECRET),
    drop: () =>
      asAdmin(serverUrl, async (admin) => {
        await admin.query(`drop database if exists ${name} with (force)`);
      }),
  };
}

async function ensureTemplate(
  admin: Client,
  serverUrl: string,
  template: string,
  schemas: readonly SchemaDefinition[],
): Promise<void> {
  const { rowCount } = await admin.query('select from pg_database where datname = $1', [template]);
  if (rowCount) return;
  // Under another name until it is whole: a failed migration must not leave a half template behind.
  const draft = `${template}_draft`;
  await admin.query(`drop database if exists ${draft} with (force)`);
  await admin.query(`create database ${draft}`);
  await migrate(onDatabase(serverUrl, draft), schemas, TEST_ROLE_SECRET);
  await admin.query(`alter database ${draft} rename to ${template}`);
}

/** The server lives for one run, so a schema's source cannot change under its name. */
function templateName(schemas: readonly SchemaDefinition[]): string {
  const hash = createHash('sha256');
  for (const schema of schemas) {
    hash.update(`${schema.name} ${schema.roles.join(' ')}\n`);
    for (const migration of schema.migrations) hash.update(`${migration.name} ${migration.toString()}\n`);
  }
  return `template_${hash.digest('hex').slice(0, 16)}`;
}

async function asAdmin(url: string, work: (admin: Client) => Promise<void>): Promise<void> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

function onDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.toString();
}
