import { bootOrExit, ConfigError, defineConfig, string } from '@libs/config';
import { isTransient, LEAST_ROLE_SECRET, migrate, postgresUrl, SchemaDefinition } from '@libs/database';
import { eventLogSchema } from '@libs/messaging';
import { analyticsSchema } from '../apps/analytics/src/analytics.schema';
import { authSchema } from '../apps/auth/src/auth.schema';
import { consolidatedSchema } from '../apps/consolidated/src/consolidated.schema';
import { eventsSchema } from '../apps/events/src/events.schema';
import { releasesSchema } from '../apps/releases/src/releases.schema';

/** `npm run migrate`: roles, schemas and tables of every app, on a PostgreSQL of yours. Safe to repeat. */
export const migrateConfig = defineConfig({
  adminUrl: postgresUrl(
    'DATABASE_ADMIN_URL',
    'PostgreSQL, with a role that may create roles and schemas; only npm run migrate uses it',
  ),
  roleSecret: string('DATABASE_ROLE_SECRET', {
    secret: true,
    minLength: LEAST_ROLE_SECRET,
    about: "What the passwords of the apps' database roles are derived from (HMAC-SHA256 of the role's name)",
  }),
});

export const schemas: SchemaDefinition[] = [
  authSchema,
  releasesSchema,
  consolidatedSchema,
  eventsSchema,
  analyticsSchema,
  eventLogSchema,
];

async function run(): Promise<void> {
  const { adminUrl, roleSecret } = migrateConfig.parse(process.env);
  const outcomes = await migrate(adminUrl, schemas, roleSecret).catch((error: unknown) => {
    throw isTransient(error)
      ? new ConfigError([`DATABASE_ADMIN_URL names a PostgreSQL that does not answer: ${String(error)}`])
      : error;
  });
  for (const { schema, applied } of outcomes) {
    const outcome = applied.length > 0 ? `applied ${applied.join(', ')}` : 'up to date';
    process.stdout.write(`${schema}: ${outcome}\n`);
  }
}

if (require.main === module) void bootOrExit('migrate', run);
