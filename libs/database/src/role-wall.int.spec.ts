import { ConfigError } from '@libs/config';
import { asAdmin, TestDatabase } from '@libs/testing';
import { sampleApp, sampleDatabase } from '../test/sample-database';
import { auditSchema } from './schema-audit';

describe('the wall of roles', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await sampleDatabase();
  });
  afterAll(() => database.drop());

  const bootAs = (url: string) => sampleApp(url).then((app) => app.close());

  it('lets an app boot as its own role', async () => {
    await expect(bootAs(database.urlFor('sample_api'))).resolves.toBeUndefined();
  });

  it('refuses a superuser, naming the variable', async () => {
    await expect(bootAs(database.adminUrl)).rejects.toThrow(ConfigError);
    await expect(bootAs(database.adminUrl)).rejects.toThrow(/DATABASE_URL .*a superuser/);
  });

  it('refuses BYPASSRLS and whoever may become the owner', async () => {
    const url = database.urlFor('sample_guest');
    await asAdmin(database.adminUrl, 'alter role sample_guest bypassrls');
    await expect(bootAs(url)).rejects.toThrow(/DATABASE_URL .*BYPASSRLS/);
    await asAdmin(database.adminUrl, 'alter role sample_guest nobypassrls');
    await asAdmin(database.adminUrl, 'grant moneyflow_owner to sample_guest');
    await expect(bootAs(url)).rejects.toThrow(/DATABASE_URL .*owns the schema/);
    await asAdmin(database.adminUrl, 'revoke moneyflow_owner from sample_guest');
    await expect(bootAs(url)).resolves.toBeUndefined();
  });

  it('names the variable for a wrong password, a missing database and a missing schema', async () => {
    const url = new URL(database.urlFor('sample_api'));
    url.password = 'guessed';
    await expect(bootAs(url.toString())).rejects.toThrow(/DATABASE_URL is refused/);
    const missing = new URL(database.urlFor('sample_api'));
    missing.pathname = '/nowhere';
    await expect(bootAs(missing.toString())).rejects.toThrow(/DATABASE_URL names a missing database/);
    const empty = new URL(database.urlFor('sample_api'));
    empty.pathname = '/postgres';
    await expect(bootAs(empty.toString())).rejects.toThrow(/no schema sample; run npm run migrate/);
  });

  it('finds no hole in the sample schema, and every kind of hole that is dug', async () => {
    await expect(auditSchema(database.adminUrl, 'sample')).resolves.toEqual([]);
    await asAdmin(
      database.adminUrl,
      `create table sample.open (tenant_id uuid not null, id uuid primary key, note_tenant uuid, note_id uuid,
         foreign key (note_tenant, note_id) references sample.note (tenant_id, id));
       create table sample.stray (id uuid primary key)`,
    );
    await expect(auditSchema(database.adminUrl, 'sample')).resolves.toEqual([
      'open does not force row-level security',
      expect.stringMatching(/^open: foreign key \S+ does not lead with tenant_id$/),
      'open: unique key sample.open_pkey does not lead with tenant_id',
      'stray does not force row-level security',
      'stray has no tenant_id and is not named as global',
    ]);
    await asAdmin(database.adminUrl, 'drop table sample.open, sample.stray');
  });
});
