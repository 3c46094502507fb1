import { Client } from 'pg';

interface TenantTable {
  schema: string;
  table: string;
  column: string;
}

/** Every table with rows of tenants. `auth.tenant` is its own tenant. */
export async function tenantTables(admin: Client): Promise<TenantTable[]> {
  const { rows } = await admin.query<TenantTable>(
    `select n.nspname as schema, c.relname as table, a.attname as column
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
     where c.relkind in ('r', 'p') and not c.relispartition and not a.attisdropped
       and n.nspname in ('auth', 'releases', 'consolidated', 'events', 'analytics')
       and (a.attname = 'tenant_id' or (n.nspname, c.relname, a.attname) = ('auth', 'tenant', 'id'))
     order by 1, 2`,
  );
  return rows;
}

/** The rows of a tenant, by table, as JSON. */
export async function possessionsOf(admin: Client, tenantId: string): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const { schema, table, column } of await tenantTables(admin)) {
    const name = `${schema}.${table}`;
    const { rows } = await admin.query<{ row: string }>(
      `select to_jsonb(t)::text as row from ${name} t where ${column} = $1 order by 1`,
      [tenantId],
    );
    found.set(
      name,
      rows.map(({ row }) => row),
    );
  }
  return found;
}

/** Facts leave the outbox by themselves, and days are made again as hours pass; everything else stays unless somebody acts. */
export function untouched(possessions: Map<string, string[]>): Record<string, string[]> {
  return Object.fromEntries(
    [...possessions].filter(([table]) => !/\.outbox$|^analytics\.(?:day|span)_/.test(table)),
  );
}

// What is no value but vocabulary: `session.opened`, `owner`.
const WORD = /^[a-z._:]*$/;
// Nor is a day or a whole quarter of an hour anybody's: that is how reports tell their period.
const CALENDAR = /^\d{4}-\d\d-\d\d$|T\d\d:(?:00|15|30|45):00(?:\.000Z|\+00:00)$/;

/** Every text of six characters or more in these rows: ids, names, hashes, addresses. */
export function textsIn(possessions: Map<string, string[]>): Set<string> {
  const texts = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value === 'string') {
      if (value.length >= 6 && !WORD.test(value) && !CALENDAR.test(value)) texts.add(value);
    } else if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  for (const rows of possessions.values()) for (const row of rows) visit(JSON.parse(row));
  return texts;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Ids of one kind, a column of a table, are all alike to a route. */
const OF_EACH_KIND = 3;

/** What names the victim's things: the texts that only the victim has, and of each kind of thing some ids. */
export function secretsOf(
  victim: Map<string, string[]>,
  attacker: Map<string, string[]>,
): { texts: string[]; ids: string[] } {
  const common = textsIn(attacker);
  const texts = [...textsIn(victim)].filter((text) => !common.has(text));
  const own = new Set(texts.filter((text) => UUID.test(text)));
  const kinds = new Map<string, Set<string>>();
  for (const [table, rows] of victim)
    for (const row of rows)
      JSON.parse(row, (column: string, value: unknown) => {
        if (typeof value !== 'string' || !own.has(value)) return value;
        const kind = kinds.get(`${table}.${column}`) ?? new Set();
        if (kind.size < OF_EACH_KIND) kinds.set(`${table}.${column}`, kind.add(value));
        return value;
      });
  return { texts, ids: [...new Set([...kinds.values()].flatMap((kind) => [...kind]))] };
}
