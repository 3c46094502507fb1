import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testDatabase, TestDatabase } from '@libs/testing';
import { Client } from 'pg';
import { schemas } from '../apps/platform/src/schemas';

const text = readFileSync(join(__dirname, '../docs/database.md'), 'utf8');
const queries = [...text.matchAll(/\n([^\n]+):\n\n```sql\n([\s\S]+?)```/g)].map(
  ([, title = '', sql = '']) => ({
    title,
    sql,
    role: /as the role `(\w+)`/.exec(title)?.[1] ?? 'operator',
  }),
);
/** The tables that the diagrams draw. */
const boxes = [...text.matchAll(/^ {2}(\w+) \{\n([\s\S]+?)^ {2}\}/gm)].map(([, table, body = '']) => ({
  table,
  lines: body.trim().split('\n'),
}));

describe('docs/database.md', () => {
  let database: TestDatabase;
  const clients = new Map<string, Client>();

  async function as(role: string): Promise<Client> {
    const known = clients.get(role);
    if (known) return known;
    const client = new Client({ connectionString: database.urlFor(role) });
    clients.set(role, client);
    await client.connect();
    return client;
  }

  beforeAll(async () => {
    database = await testDatabase(schemas);
  });

  afterAll(async () => {
    for (const client of clients.values()) await client.end();
    await database.drop();
  });

  it('has the queries this test means to run', () => {
    expect(queries.length).toBeGreaterThanOrEqual(15);
  });

  it.each(queries)('$title: runs as $role', async ({ sql, role }) => {
    const client = await as(role);
    await expect(client.query(sql)).resolves.toBeDefined();
  });

  it('draws only tables and columns there are, with the types they have', async () => {
    const operator = await as('operator');
    const { rows } = await operator.query<{ table: string; column: string; type: string }>(
      `select n.nspname || '_' || c.relname as table, a.attname as column, t.typname as type
       from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
       join pg_type t on t.oid = a.atttypid
       where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p')
         and n.nspname in ('auth', 'releases', 'consolidated', 'events', 'analytics')`,
    );
    const real = new Set(rows.map(({ table, column, type }) => `${table}.${column} ${type}`));
    const names: Record<string, string> = { smallint: 'int2', integer: 'int4', bigint: 'int8' };
    const drawn = boxes.flatMap(({ table, lines }) =>
      lines
        .map((line) => line.trim().split(' '))
        .map(([type = '', column]) => `${table}.${column} ${names[type] ?? type}`),
    );
    expect(drawn.length).toBeGreaterThan(100);
    expect(drawn.filter((column) => !real.has(column))).toEqual([]);
  });

  it.each(['events', 'analytics'])(
    'draws every table of %s that is not one which others have, too',
    async (schema) => {
      const operator = await as('operator');
      const { rows } = await operator.query<{ name: string }>(
        `select relname as name from pg_class
       where relnamespace = $1::regnamespace and relkind in ('r', 'p') and not relispartition`,
        [schema],
      );
      const common = ['outbox', 'dead_letter', 'tenant_directory', 'api_key_directory', 'migration'];
      const drawn = new Set(boxes.map(({ table }) => table));
      const missing = rows.filter(({ name }) => !common.includes(name) && !drawn.has(`${schema}_${name}`));
      expect(rows.length).toBeGreaterThan(10);
      expect(missing).toEqual([]);
    },
  );

  it('names every role there is', () => {
    const roles = [...schemas.flatMap((schema) => schema.roles), 'operator'];
    expect(roles.filter((role) => !text.includes(`\`${role}\``))).toEqual([]);
  });
});
