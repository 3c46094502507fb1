import * as fc from 'fast-check';
import { Client } from 'pg';
import { TestDatabase, testDatabase } from '@libs/testing';
import { plainArray, textArray } from './column-arrays';

describe('column arrays', () => {
  let database: TestDatabase;
  let client: Client;

  beforeAll(async () => {
    database = await testDatabase([]);
    client = new Client({ connectionString: database.adminUrl });
    await client.connect();
  });
  afterAll(async () => {
    await client?.end();
    await database?.drop();
  });

  it('arrive in PostgreSQL as they left, whatever the text', async () => {
    const storable = fc
      .string({ unit: 'grapheme' })
      .filter((text) => !text.includes('\0') && text.isWellFormed());
    const nasty = fc.constantFrom(
      'NULL',
      'null',
      '',
      ' ',
      '"',
      '\\',
      '\\"',
      '{}',
      '{a,b}',
      ',',
      "'",
      '\n\t',
      '\\N',
    );
    const texts = fc.array(fc.oneof(storable, nasty, fc.constant(undefined)), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(texts, async (values) => {
        const { rows } = await client.query('select $1::text[] as texts', [textArray(values)]);
        expect(rows[0].texts).toEqual(values.map((value) => value ?? null));
      }),
    );
  });

  it('carry numbers, ids and days', async () => {
    const { rows } = await client.query(
      'select $1::bigint[]::text[] as n, $2::uuid[]::text[] as u, $3::text[] as none',
      [plainArray([-(10n ** 15n), 1n]), plainArray(['019a2b3c-4d5e-8f60-9a1b-2c3d4e5f6071']), plainArray([])],
    );
    expect(rows[0]).toEqual({
      n: ['-1000000000000000', '1'],
      u: ['019a2b3c-4d5e-8f60-9a1b-2c3d4e5f6071'],
      none: [],
    });
  });
});
