import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testDatabase, TestDatabase } from '@libs/testing';
import { Client } from 'pg';
import { schemas } from '../apps/platform/src/schemas';

const text = readFileSync(join(__dirname, '../docs/database.md'), 'utf8');
const queries = [...text.matchAll(/\n([^\n]+):\n\n```sql\n([\s\S]+?)```/g)].map(([, title, sql]) => [
  title,
  sql,
]);

describe('docs/database.md', () => {
  let database: TestDatabase;
  let operator: Client;

  beforeAll(async () => {
    database = await testDatabase(schemas);
    operator = new Client({ connectionString: database.urlFor('operator') });
    await operator.connect();
  });

  afterAll(async () => {
    await operator.end();
    await database.drop();
  });

  it('has the queries this test means to run', () => {
    expect(queries.length).toBeGreaterThanOrEqual(7);
  });

  it.each(queries)('%s: runs as the read-only operator', async (_title, sql) => {
    await expect(operator.query(sql ?? '')).resolves.toBeDefined();
  });

  it('draws only tables and columns there are, with the types they have', async () => {
    const { rows } = await operator.query<{ table: string; column: string; type: string }>(
      `select n.nspname || '_' || c.relname as table, a.attname as column, t.typname as type
       from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
       join pg_type t on t.oid = a.atttypid
       where a.attnum > 0 and c.relkind = 'r' and n.nspname in ('auth', 'releases', 'consolidated')`,
    );
    const real = new Set(rows.map(({ table, column, type }) => `${table}.${column} ${type}`));
    const names: Record<string, string> = { integer: 'int4', bigint: 'int8' };
    const drawn = [...text.matchAll(/^ {2}(\w+) \{\n([\s\S]+?)^ {2}\}/gm)].flatMap(([, table, body]) =>
      (body ?? '')
        .trim()
        .split('\n')
        .map((line) => line.trim().split(' '))
        .map(([type = '', column]) => `${table}.${column} ${names[type] ?? type}`),
    );
    expect(drawn.length).toBeGreaterThan(40);
    expect(drawn.filter((column) => !real.has(column))).toEqual([]);
  });

  it('names every role there is', () => {
    const roles = [...schemas.flatMap((schema) => schema.roles), 'operator'];
    expect(roles.filter((role) => !text.includes(`\`${role}\``))).toEqual([]);
  });
});
