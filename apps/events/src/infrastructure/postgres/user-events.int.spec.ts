import { Client } from 'pg';
import { auditSchema } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { testDatabase, TestDatabase } from '@libs/testing';
import { openEvents } from '../../../test/events-database';
import { aTenant } from '../../../test/logged-event.builder';
import { eventsSchema } from '../../events.schema';

type Events = Awaited<ReturnType<typeof openEvents>>;

let database: TestDatabase;
let api: Events;
let worker: Events;
let admin: Client;
const [ours, theirs] = [aTenant(), aTenant()];

// A month of 40 tenants; ours has 2,000 events of 100 people, every fiftieth a payment.
const FILL = `
insert into events.user_events (tenant_id, event_id, "timestamp", event_type, user_id, app_id, source, occurred_at, received_at,
  created_at, context, device, properties)
select case when n % 20 = 0 then $1::uuid when n % 20 = 1 then $2::uuid else md5('t' || n % 40)::uuid end, gen_random_uuid(),
  at, case when n / 20 % 50 = 0 then 'payment_completed' else 'transfer_completed' end, 'user-' || n / 20 % 100,
  gen_random_uuid(), 'sdk', at, at, at, '{}', '{}', jsonb_build_object('amount', n || '.00', 'order', n)
from generate_series(1, 40000) n, lateral (select now() - interval '20 days' + n * interval '40 seconds' as at)`;

beforeAll(async () => {
  database = await testDatabase([eventsSchema]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query(
    `select events.make_partitions(array(select (date_trunc('month', now()) + n * interval '1 month')::date
     from generate_series(-1, 1) n))`,
  );
  await admin.query(FILL, [ours, theirs]);
  await admin.query('vacuum analyze events.user_events');
  api = await openEvents(database, 'events_api', []);
  worker = await openEvents(database, 'events_worker', []);
});
afterAll(async () => {
  await api?.close();
  await worker?.close();
  await admin?.end();
  await database?.drop();
});

/** The indexes of `user_events` that the API's role would use, by the name of the partitioned one. */
async function indexesOf(sql: string, params: unknown[] = []): Promise<string[]> {
  const [plan] = await api.as(ours, () =>
    api.sql.query<{ 'QUERY PLAN': unknown }>(`explain (format json) ${sql}`, params),
  );
  const names = [...JSON.stringify(plan).matchAll(/"Index Name":"([^"]+)"/g)].map(([, name]) => name);
  const { rows } = await admin.query<{ parent: string }>(
    `select distinct p.relname as parent from pg_class c join pg_inherits i on i.inhrelid = c.oid
     join pg_class p on p.oid = i.inhparent where c.relname = any ($1) order by 1`,
    [names],
  );
  return rows.map(({ parent }) => parent);
}

async function uses(index: string): Promise<number> {
  const { rows } = await admin.query<{ uses: number }>(
    `select coalesce(sum(s.idx_scan), 0)::int as uses from pg_stat_user_indexes s
     join pg_inherits i on i.inhrelid = s.indexrelid where i.inhparent = ('events.' || $1)::regclass`,
    [index],
  );
  return rows[0]?.uses ?? 0;
}

describe('the indexes of user_events, under row-level security', () => {
  it("serve a person's newest events", async () => {
    const sql = `select * from events.user_events where tenant_id = $1 and user_id = $2 order by occurred_at desc limit 20`;
    expect(await indexesOf(sql, [ours, 'user-7'])).toEqual(['user_events_user']);
  });

  it('serve the newest events of a type', async () => {
    const sql = `select * from events.user_events where tenant_id = $1 and event_type = $2 order by occurred_at desc limit 20`;
    expect(await indexesOf(sql, [ours, 'payment_completed'])).toEqual(['user_events_type']);
  });

  it('serve what was stored lately', async () => {
    const sql = `select count(*) from events.user_events where tenant_id = $1 and created_at > now() - interval '1 day'`;
    expect(await indexesOf(sql, [ours])).toEqual(['user_events_created']);
  });

  it('serve an event by its key', async () => {
    const sql = `select * from events.user_events where tenant_id = $1 and event_id = $2 and "timestamp" = $3`;
    const key = [ours, '550e8400-e29b-41d4-a716-446655440000', new Date().toISOString()];
    expect(await indexesOf(sql, key)).toEqual(['user_events_pkey']);
  });

  it('serve properties through find_user_events alone: containment is not leakproof', async () => {
    const plain = `select * from events.user_events where tenant_id = $1 and properties @> '{"order": 4000}'`;
    expect(await indexesOf(plain, [ours])).not.toContain('user_events_properties');
    const before = await uses('user_events_properties');
    const found = await api.as(ours, async () => {
      const rows = await api.sql.query(
        `select event_type, properties from events.find_user_events('{"order": 4000}', now() - interval '40 days', now() + interval '1 day', 10)`,
      );
      await api.sql.query('select pg_stat_force_next_flush()');
      return rows;
    });
    expect(found).toEqual([
      { event_type: 'payment_completed', properties: { amount: '4000.00', order: 4000 } },
    ]);
    expect(await uses('user_events_properties')).toBeGreaterThan(before);
  });
});

describe('the walls around user_events', () => {
  const count = (events: Events, sql: string, params: unknown[] = []) =>
    events.sql.query<{ n: number }>(`select count(*)::int as n from ${sql}`, params).then(([row]) => row?.n);

  it('hold by row-level security alone, for the table and for what looks past it', async () => {
    await api.as(ours, async () => {
      expect(await count(api, 'events.user_events')).toBe(2_000);
      expect(await count(api, 'events.user_events where tenant_id = $1', [theirs])).toBe(0);
      const everything = `events.find_user_events('{}', '-infinity', 'infinity', 100000)`;
      expect(await count(api, everything)).toBe(2_000);
      expect(await count(api, `${everything} where tenant_id <> $1`, [ours])).toBe(0);
    });
    expect(await count(api, 'events.user_events')).toBe(0);
    expect(await count(api, `events.find_user_events('{}', '-infinity', 'infinity', 10)`)).toBe(0);
  });

  it('admit nobody to a partition directly', async () => {
    const month = new Date().toISOString().slice(0, 7).replace('-', '_');
    for (const events of [api, worker])
      await expect(count(events, `events.user_events_${month}`)).rejects.toThrow(/permission denied/);
  });

  it('let the worker write for the tenants of its batch alone', async () => {
    const insert = (tenantId: TenantId) =>
      worker.sql.query(
        `insert into events.transactions (tenant_id, event_id, "timestamp", type, amount, currency, description, category_id, occurred_at)
         values ($1, gen_random_uuid(), now(), 'expense', 1, 'BRL', 'Teste', 'c', now())`,
        [tenantId],
      );
    await worker.transaction.runFor([ours], () => insert(ours));
    await expect(worker.transaction.runFor([ours], () => insert(theirs))).rejects.toThrow(
      /row-level security/,
    );
  });

  it('leave the API read-only, and neither of them the right to make, alter or drop tables', async () => {
    await expect(api.as(ours, () => api.sql.query('delete from events.user_events'))).rejects.toThrow(
      /permission denied/,
    );
    await expect(api.sql.query('select events.drop_expired_partitions()')).rejects.toThrow(
      /permission denied/,
    );
    await expect(api.sql.query(`select events.make_partitions('{2026-01-01}')`)).rejects.toThrow(
      /permission denied/,
    );
    await expect(worker.sql.query('create table events.mine (n int)')).rejects.toThrow(/permission denied/);
    await expect(worker.sql.query('truncate events.user_events')).rejects.toThrow(/permission denied/);
    await expect(worker.sql.query('drop table events.user_events')).rejects.toThrow(/must be owner/);
  });

  it('have no hole: every partition forces row-level security, every key leads with tenant_id', async () => {
    const { rows } = await admin.query(
      `select count(*)::int as n from pg_inherits where inhparent = 'events.user_events'::regclass`,
    );
    expect(rows[0].n).toBeGreaterThanOrEqual(3);
    expect(await auditSchema(database.adminUrl, 'events')).toEqual([]);
  });
});

describe('making partitions', () => {
  const make = (...months: string[]) =>
    worker.sql.query('select events.make_partitions($1::date[])', [months]);
  const monthsFromNow = (step: number) => {
    const now = new Date();
    return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + step)).toISOString().slice(0, 10);
  };

  it('does no harm when it is done again, or by several at once', async () => {
    const months = [monthsFromNow(-30), monthsFromNow(-31)];
    await Promise.all(Array.from({ length: 8 }, () => make(...months)));
    await make(...months);
    const { rows } = await admin.query(
      `select count(*)::int as n from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where right(c.relname, 7) = any ($1) and c.relkind = 'r'`,
      [months.map((month) => month.slice(0, 7).replace('-', '_'))],
    );
    expect(rows).toEqual([{ n: 4 }]);
  });

  it('lets writers go on meanwhile', async () => {
    const writer = new Client({ connectionString: database.adminUrl });
    await writer.connect();
    await writer.query('begin');
    await writer.query(
      `insert into events.transactions (tenant_id, event_id, "timestamp", type, amount, currency, description, category_id, occurred_at)
       values ($1, gen_random_uuid(), now(), 'expense', 1, 'BRL', 'Teste', 'c', now())`,
      [ours],
    );
    await make(monthsFromNow(-40)); // would wait for the writer, and fail after 5 s
    await writer.query('commit');
    await writer.end();
  });

  it.each([
    ['too long ago', () => monthsFromNow(-130)],
    ['in a far future', () => monthsFromNow(5)],
    ['that is not the first of a month', () => monthsFromNow(0).replace(/01$/, '02')],
  ])('is refused for a day %s', async (_, month) => {
    await expect(make(month())).rejects.toThrow(/no partition is made/);
  });
});
