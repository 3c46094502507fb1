import fc from 'fast-check';
import { Client } from 'pg';
import { TestDatabase, testDatabase } from '@libs/testing';
import { BinaryColumns } from './binary-rows';
import { copyOut } from './copy-out';

interface Row {
  n: number;
  large: number;
  words: string | null;
  at: Date;
  bytes: Uint8Array | null;
}

const COLUMNS: BinaryColumns<Row> = {
  n: 'int4',
  large: 'int8',
  words: 'text',
  at: 'timestamptz',
  bytes: 'bytea',
};

async function rowsOf<R extends object>(
  client: Client,
  sql: string,
  params: readonly unknown[],
  columns: BinaryColumns<R>,
): Promise<R[]> {
  const rows: R[] = [];
  await copyOut(client, sql, params, columns, (row) => {
    for (const [name, field] of Object.entries(row))
      if (field instanceof Uint8Array) Object.assign(row, { [name]: Uint8Array.from(field) });
    rows.push(row);
  });
  return rows;
}

describe('what is copied out', () => {
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

  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0') && text.isWellFormed()),
    fc.constantFrom(
      "'",
      "''",
      '\\',
      "\\'",
      '$1',
      '$$',
      '$2',
      "'; drop table x; --",
      "E'\\x27",
      '/*',
      '',
      ') to program',
    ),
  );

  it('is what a query says, whatever it is asked about', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(hostile, { minLength: 1, maxLength: 5 }),
        fc.maxSafeInteger(),
        fc.date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
        async (texts, large, at) => {
          const params = [texts.length, large, at, ...texts];
          const words = texts.map((_, place) => `($${place + 4}::text)`).join();
          const sql = `select $1::int as n, $2::bigint as large, words, $3::timestamptz as at, convert_to(words, 'UTF8') as bytes
            from (values ${words}) as said (words)`;
          const rows = await rowsOf<Row>(client, sql, params, COLUMNS);
          expect(
            rows.map(({ bytes, ...row }) => ({ ...row, bytes: Buffer.from(bytes ?? []).toString() })),
          ).toEqual(texts.map((text) => ({ n: texts.length, large, words: text, at, bytes: text })));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('may be nothing, null, or larger than a socket takes at once', async () => {
    const one = { bytes: 'bytea' } as const;
    const read = (sql: string) => rowsOf<{ bytes: Uint8Array | null }>(client, sql, [], one);
    await expect(read(`select ''::bytea where false`)).resolves.toEqual([]);
    await expect(read('select null::bytea')).resolves.toEqual([{ bytes: null }]);
    const rows = await read(
      `select decode(repeat(lpad(to_hex(n), 2, '0'), 3000000), 'hex') from generate_series(1, 3) n`,
    );
    expect(rows.map(({ bytes }) => [bytes?.length, bytes?.[0], bytes?.at(-1)])).toEqual([
      [3_000_000, 1, 1],
      [3_000_000, 2, 2],
      [3_000_000, 3, 3],
    ]);
  });

  it('leaves the connection whole when it fails half-way', async () => {
    const columns = { n: 'int4' } as const;
    const failing = rowsOf<{ n: number }>(
      client,
      'select 1 / (n - 70000) from generate_series(1, 100000) n',
      [],
      columns,
    );
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    await expect(rowsOf<{ n: number }>(client, 'select 7', [], columns)).resolves.toEqual([{ n: 7 }]);
    await expect(client.query('select 8 as n')).resolves.toMatchObject({ rows: [{ n: 8 }] });
  });

  it('fails as who takes the rows fails, and leaves the connection whole', async () => {
    const taking = copyOut<{ n: number }>(
      client,
      'select n from generate_series(1, 100000) n',
      [],
      { n: 'int4' },
      () => {
        throw new Error('not this one');
      },
    );
    await expect(taking).rejects.toThrow('not this one');
    await expect(client.query('select 8 as n')).resolves.toMatchObject({ rows: [{ n: 8 }] });
  });

  it('refuses what would not be the value, and rows that are not as they should be', async () => {
    const columns = { words: 'text' } as const;
    await expect(rowsOf<{ words: string }>(client, 'select $1::text', ['a\0b'], columns)).rejects.toThrow(
      /constant/,
    );
    await expect(rowsOf<{ words: string }>(client, 'select $1::text', [{}], columns)).rejects.toThrow(
      /constant/,
    );
    await expect(rowsOf<{ words: string }>(client, 'select $2::text', ['a'], columns)).rejects.toThrow(
      '$2 has no value',
    );
    await expect(rowsOf<{ words: string }>(client, 'select 1, 2', [], columns)).rejects.toThrow(
      '2 columns came instead of 1',
    );
  });
});
