import { defineSchema } from '@libs/database';
import { Client } from 'pg';
import { testDatabase } from './postgres';

describe('testDatabase', () => {
  const schema = defineSchema({ name: 'sample', migrations: [], roles: ['sample_api'] });

  it('gives each caller a migrated database of its own', async () => {
    const [one, other] = await Promise.all([testDatabase([schema]), testDatabase([schema])]);
    const client = new Client({ connectionString: one.urlFor('sample_api') });
    await client.connect();
    const { rows } = await client.query('select current_user as role, app.tenant_id() as tenant');
    await client.end();
    expect(rows).toEqual([{ role: 'sample_api', tenant: null }]);
    expect(one.adminUrl).not.toBe(other.adminUrl);
    await Promise.all([one.drop(), other.drop()]);
  });
});
