import { Client } from 'pg';
import { newId, TenantId } from '@libs/kernel';
import { testDatabase, TestDatabase } from '@libs/testing';
import { openAnalytics } from '../../../test/analytics-database';
import { readingProviders } from '../../../test/reading-providers';
import { analyticsSchema } from '../../analytics.schema';
import { Cohorts } from '../../domain/cohorts';
import { Period } from '../../domain/period';
import { cohortParams, cohortSql } from './postgres-cohort.reader';
import { PostgresEventReader } from './postgres-event.reader';
import { funnelParams, funnelSql } from './postgres-funnel.reader';
import { PostgresPersonReader } from './postgres-person.reader';
import { PostgresSessionReader } from './postgres-session.reader';
import { ReportSql } from './report-sql';

type Api = Awaited<ReturnType<typeof openAnalytics>>;

let database: TestDatabase;
let api: Api;
let admin: Client;
const ours = newId<TenantId>();
const app = newId();
const to = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);
const from = new Date(to.getTime() - 20 * 86_400_000);

// Three weeks of 40 tenants; ours has 2,000 events of 100 people, one in fifty a transfer.
const FILL = `
insert into analytics.events (tenant_id, event_id, "timestamp", event_type, user_id, visitor, app_id, source, occurred_at, received_at,
  context, user_agent, metadata)
select case when n % 20 = 0 then $1::uuid else md5('t' || n % 40)::uuid end, gen_random_uuid(), at,
  case when n / 20 % 50 = 0 then 'transfer_completed' else 'page_view' end, 'user-' || n / 20 % 100, n / 20 % 100, $2, 'sdk', at, at,
  '{}', '{}', jsonb_build_object('order', n)
from generate_series(1, 40000) as n, lateral (select $3::timestamptz + n * interval '43 seconds' as at) as times`;
const FILL_SESSIONS = `
insert into analytics.sessions (tenant_id, app_id, visitor, started_at, ended_at, user_id, events, page_views)
select tenant_id, app_id, visitor, occurred_at, occurred_at + interval '1 minute', user_id, 1, 1 from analytics.events`;

beforeAll(async () => {
  database = await testDatabase([analyticsSchema]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query(
    `select analytics.make_partitions(array(select (date_trunc('month', now()) + n * interval '1 month')::date
     from generate_series(-2, 1) n))`,
  );
  await admin.query(FILL, [ours, app, from.toISOString()]);
  await admin.query(FILL_SESSIONS);
  await admin.query('vacuum analyze analytics.events, analytics.sessions');
  api = await openAnalytics(database, 'analytics_api', [
    ...readingProviders,
    PostgresEventReader,
    PostgresPersonReader,
    PostgresSessionReader,
  ]);
});
afterAll(async () => {
  await api?.close();
  await admin?.end();
  await database?.drop();
});

/** What tables are read by, months without an event aside: `events_type`, of whichever month, and `Seq Scan`. */
async function readBy(sql: string, params: readonly unknown[]): Promise<string[]> {
  const plan = await api.as(ours, () =>
    api.sql.query<Record<string, unknown>>(`explain (format json) ${sql}`, params),
  );
  const text = JSON.stringify(plan);
  const names = [...text.matchAll(/"Index Name":"([^"]+)"/g)].map(([, name]) => name);
  const { rows } = await admin.query<{ name: string }>(
    `select distinct coalesce(p.relname, c.relname) as name from pg_class c left join pg_inherits i on i.inhrelid = c.oid
     left join pg_class p on p.oid = i.inhparent where c.relkind in ('i', 'I') and c.relname = any ($1) order by 1`,
    [names],
  );
  const empty = await admin.query<{ relname: string }>('select relname from pg_class where reltuples <= 0');
  const unread = new Set(empty.rows.map(({ relname }) => relname));
  const scans = text.matchAll(
    /"Node Type":"(Seq Scan|Index Scan|Index Only Scan|Bitmap Heap Scan)"[^{}]*?"Relation Name":"([^"]+)"/g,
  );
  const kinds = new Set(
    [...scans].filter(([, , table = '']) => !unread.has(table)).map(([, kind = '']) => kind),
  );
  return [...rows.map(({ name }) => name), ...[...kinds].sort()];
}

/** The statements that a reader sends while `work` runs, but for its settings. */
async function sent(work: () => Promise<unknown>): Promise<{ sql: string; params: readonly unknown[] }[]> {
  const statements: { sql: string; params: readonly unknown[] }[] = [];
  const session = api.get<ReportSql>(ReportSql);
  const query = jest.spyOn(session, 'query');
  await work();
  for (const [sql, params = []] of query.mock.calls)
    if (!sql.startsWith('select set_config')) statements.push({ sql, params });
  query.mockRestore();
  return statements;
}

describe('under row-level security', () => {
  it('a funnel never leaves the index on types', async () => {
    const funnel = { steps: ['transfer_completed', 'transfer_completed', 'page_view'], windowMs: 3_600_000 };
    const plan = await readBy(funnelSql(3), funnelParams(ours, app, funnel, { from, to }));
    expect(plan).toEqual(['events_type', 'Index Only Scan']);
  });

  it('cohorts of types never leave it, either', async () => {
    const types = { startEvent: 'transfer_completed', returnEvent: 'page_view' };
    const cohorts = Cohorts.of('day', Period.ofInstants(from, to, 'UTC'), 7);
    const plan = await readBy(cohortSql(types), cohortParams(ours, app, cohorts, types));
    expect(plan).toEqual(['events_type', 'Index Only Scan']);
  });

  it("a person's activity is found by whose it is", async () => {
    const reader = api.get(PostgresPersonReader);
    const [query] = await sent(() => reader.activity(ours, app, 'user-7', { from, to }, undefined, 20));
    expect(await readBy(query?.sql ?? '', query?.params ?? [])).toContain('events_user');
    expect(await readBy(query?.sql ?? '', query?.params ?? [])).not.toContain('Seq Scan');
  });

  it("a person's profile is made of their own rows", async () => {
    const [query] = await sent(() =>
      api.get(PostgresPersonReader).profile(ours, app, 'user-7', { from, to }),
    );
    const plan = await readBy(query?.sql ?? '', query?.params ?? []);
    expect(plan).toEqual(expect.arrayContaining(['events_user', 'sessions_user']));
    expect(plan).not.toContain('Seq Scan');
  });

  it('sessions of a short time are found by when they began', async () => {
    const day = { from: new Date(to.getTime() - 86_400_000), to };
    const [query] = await sent(() => api.get(PostgresSessionReader).report(ours, app, day, 10));
    expect(await readBy(query?.sql ?? '', query?.params ?? [])).toContain('sessions_started');
    const [list] = await sent(() =>
      api.get(PostgresSessionReader).list(ours, app, { from, to }, undefined, 20),
    );
    expect(await readBy(list?.sql ?? '', list?.params ?? [])).toContain('sessions_started');
  });

  it('a page of an export reads on where the one before it ended', async () => {
    const filter = { type: 'page_view', from, to };
    const most = { events: 50, bytes: 1_000_000 };
    const reader = api.get(PostgresEventReader);
    const first = await reader.page(ours, app, filter, undefined, most);
    const [query] = await sent(() => reader.page(ours, app, filter, first.at(-1), most));
    const plan = await readBy(query?.sql ?? '', query?.params ?? []);
    expect(plan).toContain('events_type');
    expect(plan).not.toContain('Seq Scan');
  });

  it('an export finds the next type without reading the events of the last', async () => {
    const reader = api.get(PostgresEventReader);
    const [query] = await sent(() => reader.typeAfter(ours, app, { from, to }, 'page_view'));
    const plan = await readBy(query?.sql ?? '', query?.params ?? []);
    expect(plan).toEqual(['events_type', 'Index Only Scan']);
    expect(await reader.typeAfter(ours, app, { from, to }, 'page_view')).toBe('transfer_completed');
  });

  it('a piece of an export has no more than so many bytes, and always an event', async () => {
    const reader = api.get(PostgresEventReader);
    const page = (bytes: number) =>
      reader.page(ours, app, { type: 'page_view', from, to }, undefined, { events: 50, bytes });
    expect(await page(1)).toHaveLength(1);
    expect((await page(200)).length).toBeLessThan(15);
    expect(await page(1_000_000)).toHaveLength(50);
  });
});
