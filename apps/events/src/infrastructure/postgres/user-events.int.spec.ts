import { Client } from 'pg';
import { auditSchema, SqlSession } from '@libs/database';
import { TenantId } from '@libs/kernel';
import { testDatabase, TestDatabase } from '@libs/testing';
import { openEvents } from '../../../test/events-database';
import { aTenant } from '../../../test/logged-event.builder';
import { EventPlace, UserEventFilter } from '../../application/reading/user-event.reader';
import { eventsSchema } from '../../events.schema';
import { PostgresInsightReader } from './postgres-insight.reader';
import { PostgresNotificationRepository } from './postgres-notification.repository';
import { PostgresRejectionReader } from './postgres-rejection.reader';
import { PostgresTransactionReader } from './postgres-transaction.reader';
import { PostgresUserEventReader } from './postgres-user-event.reader';

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

// What the sinks made of them, and what they refused; only the columns that must be there.
const FILL_OTHERS = [
  `insert into events.transactions (tenant_id, event_id, "timestamp", user_id, type, amount, currency, description, category_id, occurred_at)
   select tenant_id, event_id, "timestamp", user_id, 'expense', 100, 'BRL', 'Teste', 'c', occurred_at from events.user_events`,
  `insert into events.notifications (tenant_id, id, user_id, type, title, message, priority, event_id, "timestamp", occurred_at)
   select tenant_id, event_id, user_id, 'cashback', 't', 'm', 'low', event_id, "timestamp", occurred_at from events.user_events`,
  `insert into events.ai_insights (tenant_id, id, user_id, insight_type, category_id, currency, week, title, description, confidence,
     amount, usual_amount, weeks_known)
   select tenant_id, event_id, event_id, 'spending_pattern', 'c', 'BRL', '2026-01-05'::date + 7 * (row_number() over () % 40)::int,
     't', 'd', 50, 1, 1, 9 from events.user_events`,
  `insert into events.rejected_event (tenant_id, id, event_id, code, message, stage, source, app_id, received_at, event, bytes)
   select tenant_id, event_id, event_id, 'c' || row_number() over () % 20, 'm', 'collector', 'sdk', app_id, received_at, '{}', 2
   from events.user_events`,
];

beforeAll(async () => {
  database = await testDatabase([eventsSchema]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query(
    `select events.make_partitions(array(select (date_trunc('month', now()) + n * interval '1 month')::date
     from generate_series(-1, 1) n))`,
  );
  await admin.query(FILL, [ours, theirs]);
  for (const fill of FILL_OTHERS) await admin.query(fill);
  await admin.query(
    'vacuum analyze events.user_events, events.transactions, events.notifications, events.ai_insights, events.rejected_event',
  );
  api = await openEvents(database, 'events_api', []);
  worker = await openEvents(database, 'events_worker', []);
});
afterAll(async () => {
  await api?.close();
  await worker?.close();
  await admin?.end();
  await database?.drop();
});

const explained = (sql: string, params: unknown[]) =>
  api.as(ours, () => api.sql.query<{ 'QUERY PLAN': unknown }>(`explain (format json) ${sql}`, params));

/** The indexes that the API's role would use; one of a partition by the name of the partitioned one. */
async function indexesOf(sql: string, params: unknown[] = []): Promise<string[]> {
  const plan = await explained(sql, params);
  const names = [...JSON.stringify(plan).matchAll(/"Index Name":"([^"]+)"/g)].map(([, name]) => name);
  const { rows } = await admin.query<{ name: string }>(
    `select distinct coalesce(p.relname, c.relname) as name from pg_class c left join pg_inherits i on i.inhrelid = c.oid
     left join pg_class p on p.oid = i.inhparent where c.relkind = 'i' and c.relname = any ($1) order by 1`,
    [names],
  );
  return rows.map(({ name }) => name);
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
    expect(await indexesOf(sql, [ours, 'payment_completed'])).toContain('user_events_type');
  });

  it('serve what was stored lately', async () => {
    const sql = `select count(*) from events.user_events where tenant_id = $1 and created_at > now() - interval '1 day'`;
    expect(await indexesOf(sql, [ours])).toEqual(['user_events_created']);
  });

  it('serve an event by its key', async () => {
    const sql = `select * from events.user_events where tenant_id = $1 and event_id = $2 and "timestamp" = $3`;
    // amid what is there: on the first days of a month, that month has nothing yet, which no index serves
    const at = new Date(Date.now() - 10 * 86_400_000);
    const key = [ours, '550e8400-e29b-41d4-a716-446655440000', at.toISOString()];
    expect(await indexesOf(sql, key)).toEqual(['user_events_pkey']);
  });

  const range = { from: new Date(Date.now() - 40 * 86_400_000), to: new Date(Date.now() + 86_400_000) };
  const list = (filter: Omit<UserEventFilter, 'properties'>, order: string, after?: EventPlace, limit = 10) =>
    api.as(ours, () => {
      const properties = { all: [{ name: 'order', value: order }], ...range };
      return new PostgresUserEventReader(api.sql).list(ours, { ...filter, properties }, after, limit);
    });

  it('serve properties through find_user_events alone: containment is not leakproof', async () => {
    const plain = `select * from events.user_events where tenant_id = $1 and properties @> '{"order": 4000}'`;
    expect(await indexesOf(plain, [ours])).not.toContain('user_events_properties');
    const before = await uses('user_events_properties');
    const found = await list({}, '4000');
    await api.sql.query('select pg_stat_force_next_flush()');
    expect(found).toMatchObject([
      { eventType: 'payment_completed', properties: { amount: '4000.00', order: 4000 } },
    ]);
    expect(await uses('user_events_properties')).toBeGreaterThan(before);
  });

  it('narrow what has a property by person, type and place, and find nothing of another tenant', async () => {
    expect(await list({ userId: 'user-0', type: 'payment_completed' }, '4000')).toHaveLength(1);
    expect(await list({ userId: 'user-1' }, '4000')).toEqual([]);
    expect(await list({ type: 'transfer_completed' }, '4000')).toEqual([]);
    expect(await list({}, '4001')).toEqual([]); // theirs
    const [found] = await list({}, '4000');
    const place = found && { occurredAt: found.occurredAt, id: found.eventId, timestamp: found.timestamp };
    expect(await list({}, '4000', place)).toEqual([]);
  });
});

describe('every list, as its reader asks for it', () => {
  let asked: { sql: string; params: unknown[] } | undefined;
  const watching = {
    query: async (sql: string, params: unknown[]) => {
      asked = { sql, params };
      return [];
    },
  } as unknown as SqlSession;
  const place = { occurredAt: new Date(), id: '550e8400-e29b-41d4-a716-446655440000', timestamp: new Date() };
  const at = { receivedAt: new Date(), rejectionId: place.id };
  const week = { week: new Date().toISOString().slice(0, 10), id: place.id };
  const events = new PostgresUserEventReader(watching);
  const transactions = new PostgresTransactionReader(watching);
  const notifications = new PostgresNotificationRepository(watching);
  const insights = new PostgresInsightReader(watching);
  const rejections = new PostgresRejectionReader(watching);

  it.each<[string, string, () => Promise<unknown>]>([
    ['events', 'user_events_newest', () => events.list(ours, {}, undefined, 51)],
    ['events from a place on', 'user_events_newest', () => events.list(ours, {}, place, 51)],
    ['transactions', 'transactions_newest', () => transactions.list(ours, {}, undefined, 51)],
    ['transactions from a place on', 'transactions_newest', () => transactions.list(ours, {}, place, 51)],
    ['notifications', 'notifications_newest', () => notifications.list(ours, {}, undefined, 51)],
    ['notifications from a place on', 'notifications_newest', () => notifications.list(ours, {}, place, 51)],
    ['insights', 'ai_insights_newest', () => insights.list(ours, {}, undefined, 51)],
    ['insights from a place on', 'ai_insights_newest', () => insights.list(ours, {}, week, 51)],
    ['rejections', 'rejected_event_newest', () => rejections.list(ours, {}, undefined, 51)],
    ['rejections from a place on', 'rejected_event_newest', () => rejections.list(ours, {}, at, 51)],
    ['rejections of a code', 'rejected_event_code', () => rejections.list(ours, { code: 'c7' }, at, 51)],
  ])('goes through %s by %s, and never sorts all of them', async (_, index, read) => {
    await read();
    const { sql = '', params = [] } = asked ?? {};
    expect(await indexesOf(sql, params)).toEqual([index]);
    const plan = JSON.stringify(await explained(sql, params));
    expect(plan).not.toMatch(/"Node Type":"Sort"/);
  });
});

describe('the walls around user_events', () => {
  const count = (events: Events, sql: string, params: unknown[] = []) =>
    events.sql.query<{ n: number }>(`select count(*)::int as n from ${sql}`, params).then(([row]) => row?.n);

  it('hold by row-level security alone, for the table and for what looks past it', async () => {
    await api.as(ours, async () => {
      expect(await count(api, 'events.user_events')).toBe(2_000);
      expect(await count(api, 'events.user_events where tenant_id = $1', [theirs])).toBe(0);
      const everything = `events.find_user_events('{"{}"}', '-infinity', 'infinity', null, null, null, null, null, 100000)`;
      expect(await count(api, everything)).toBe(2_000);
      expect(await count(api, `${everything} where tenant_id <> $1`, [ours])).toBe(0);
    });
    expect(await count(api, 'events.user_events')).toBe(0);
    const nobodys = `events.find_user_events('{"{}"}', '-infinity', 'infinity', null, null, null, null, null, 10)`;
    expect(await count(api, nobodys)).toBe(0);
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

  it('are not gone around by a temporary table that is named like what the owner’s functions read', async () => {
    const { rows } = await admin.query<{ name: string }>(
      `select p.proname as name from pg_proc p where p.prosecdef and p.pronamespace = 'events'::regnamespace
         and not 'search_path=pg_catalog, pg_temp' = any (coalesce(p.proconfig, '{}'))`,
    );
    // names its table in full, and no type: there is nothing of it to stand in for
    expect(rows).toEqual([{ name: 'find_api_keys' }]);
    await worker.transaction.runFor([ours], async () => {
      await worker.sql.query('create temporary table pg_inherits (inhrelid oid, inhparent oid)');
      await worker.sql.query(
        `insert into pg_inherits select c.oid, 'events.user_events'::regclass from pg_class c
         where c.oid = 'events.retention'::regclass`,
      );
      await worker.sql.query('create temporary table pg_class (oid oid, relname text)');
      await worker.sql.query(`insert into pg_class select 'events.retention'::regclass, 'retention_1999_01'`);
      expect(await worker.sql.query('select events.drop_expired_partitions()')).toEqual([]);
      await worker.sql.query('drop table pg_temp.pg_class, pg_temp.pg_inherits');
    });
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
