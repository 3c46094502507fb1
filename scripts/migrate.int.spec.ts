import { auditSchema, migrate } from '@libs/database';
import { TEST_ROLE_SECRET, testDatabase, TestDatabase } from '@libs/testing';
import { migrateConfig, schemas } from './migrate';

/**
 * Tables that belong to no tenant: people with what proves them, tenants and the domains that only one may have, auth's own
 * keys, and the log that carries everybody's messages.
 */
const GLOBAL_TABLES: Record<string, string[]> = {
  auth: ['user', 'tenant', 'denial', 'signing_key', 'identity', 'totp', 'recovery_code', 'verified_domain'],
  event_log: ['batch', 'group_offset'],
};

describe('the settings of npm run migrate', () => {
  it('ask for a secret of 32 characters', () => {
    const given = { DATABASE_ADMIN_URL: 'postgresql://admin@127.0.0.1:5432/moneyflow' };
    const parse = (secret: string) => migrateConfig.parse({ ...given, DATABASE_ROLE_SECRET: secret });
    expect(() => parse('x'.repeat(31))).toThrow('DATABASE_ROLE_SECRET');
    expect(parse('x'.repeat(32)).roleSecret).toHaveLength(32);
  });
});

describe('the migrations of every app', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await testDatabase(schemas);
  });
  afterAll(() => database.drop());

  it('have nothing left to do when run again', async () => {
    const outcomes = await migrate(database.adminUrl, schemas, TEST_ROLE_SECRET);
    expect(outcomes).toEqual(schemas.map(({ name }) => ({ schema: name, applied: [] })));
  });

  it.each(schemas.map(({ name }) => name))(
    'leave no hole in the wall of %s: forced row-level security, keys that lead with tenant_id',
    async (schema) => {
      const findings = await auditSchema(database.adminUrl, schema, { globalTables: GLOBAL_TABLES[schema] });
      expect(findings).toEqual([]);
    },
  );
});
