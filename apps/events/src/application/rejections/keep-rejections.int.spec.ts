import { Client } from 'pg';
import { SqlSession } from '@libs/database';
import { Erasures, TenantId } from '@libs/kernel';
import { HmacPersonMarks, PostgresErasures } from '@libs/persons';
import { testDatabase, TestDatabase } from '@libs/testing';
import { openEvents } from '../../../test/events-database';
import { aTenant } from '../../../test/logged-event.builder';
import { aRejection } from '../../../test/rejection.builder';
import { eventsSchema } from '../../events.schema';
import { PostgresRejectionReader } from '../../infrastructure/postgres/postgres-rejection.reader';
import { PostgresRejectionStore } from '../../infrastructure/postgres/postgres-rejection.store';
import { KeepRejections } from './keep-rejections';
import { RejectionReader } from './rejection-reader';
import { RejectionStore } from './rejection-store';

type Opened = Awaited<ReturnType<typeof openEvents>>;

const marks = new HmacPersonMarks('a secret for tests, thirty-two characters at least');
let database: TestDatabase;
let admin: Client;
let sink: Opened;
let api: Opened;
let keep: KeepRejections;

beforeAll(async () => {
  database = await testDatabase([eventsSchema]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  sink = await openEvents(database, 'events_worker', [
    KeepRejections,
    { provide: RejectionStore, useClass: PostgresRejectionStore },
    {
      provide: Erasures,
      useFactory: (sql: SqlSession) => new PostgresErasures(sql, marks, 'events'),
      inject: [SqlSession],
    },
  ]);
  api = await openEvents(database, 'events_api', [
    { provide: RejectionReader, useClass: PostgresRejectionReader },
  ]);
  keep = sink.get(KeepRejections);
});
afterAll(async () => {
  await sink?.close();
  await api?.close();
  await admin?.end();
  await database?.drop();
});

async function count(tenantId: TenantId): Promise<number> {
  const { rows } = await admin.query<{ n: number }>(
    'select count(*)::int as n from events.rejected_event where tenant_id = $1',
    [tenantId],
  );
  return rows[0]?.n ?? -1;
}

const read = (tenantId: TenantId, of: TenantId = tenantId) =>
  api.as(tenantId, () => api.get(RejectionReader).list(of, {}, undefined, 10));

describe('keeping rejections', () => {
  it('keeps each once, in any order, however often and by however many sinks it comes', async () => {
    const [first, second] = [aTenant(), aTenant()];
    const all = Array.from({ length: 40 }, (_, at) => aRejection({ tenantId: at % 2 ? first : second }));
    await Promise.all([all, all.toReversed(), all, all.slice(10)].map((batch) => keep.execute(batch)));
    expect([await count(first), await count(second)]).toEqual([20, 20]);
    expect(await keep.execute(all)).toBe(0);
  });

  it('keeps text that PostgreSQL does not know', async () => {
    const rejection = aRejection({
      event: '{"a":"\ud800\u0000"}',
      message: 'a\u0000b',
      eventType: undefined,
    });
    await keep.execute([rejection]);
    expect(await read(rejection.tenantId)).toMatchObject([{ message: 'a\ufffdb' }]);
  });

  it('lets the oldest go where a tenant has too many, and nobody else’s', async () => {
    const [flooded, quiet] = [aTenant(), aTenant()];
    await keep.execute([aRejection({ tenantId: quiet, receivedAt: '2020-01-01T00:00:00.000Z' })]);
    await admin.query(
      `insert into events.rejected_event (tenant_id, id, code, message, stage, source, app_id, received_at, event, bytes)
       select $1, gen_random_uuid(), 'x', 'x', 'collector', 'sdk', gen_random_uuid(), now() - make_interval(secs => n), '{}', 2
       from generate_series(1, 12000) n`,
      [flooded],
    );
    const newest = aRejection({ tenantId: flooded });
    // the first that a process sees of a tenant has its store measured
    await keep.execute([newest, aRejection({ tenantId: quiet })]);
    expect([await count(flooded), await count(quiet)]).toEqual([10_000, 2]);
    expect(await read(flooded)).toMatchObject([{ rejectionId: newest.rejectionId }, ...Array(9).fill({})]);
  });

  it('lets the oldest go where they are too large together', async () => {
    const tenantId = aTenant();
    const event = JSON.stringify('x'.repeat(250_000));
    for (let at = 0; at < 6; at++)
      await keep.execute(
        Array.from({ length: 50 }, (_, of) =>
          aRejection({ tenantId, event, receivedAt: new Date(1.8e12 + at * 50 + of).toISOString() }),
        ),
      );
    const { rows } = await admin.query<{ bytes: string }>(
      'select sum(bytes) as bytes from events.rejected_event where tenant_id = $1',
      [tenantId],
    );
    expect(Number(rows[0]?.bytes)).toBeLessThanOrEqual(64 * 1024 * 1024 + 50 * 250_002);
    expect(await read(tenantId)).toMatchObject([
      { receivedAt: new Date(1.8e12 + 299).toISOString() },
      ...Array(9).fill({}),
    ]);
  });

  it('lets go what was kept for 30 days, of tenants that send no more, too', async () => {
    const [old, young] = [aRejection(), aRejection()];
    await keep.execute([old, young]);
    await admin.query(
      `update events.rejected_event set created_at = now() - interval '31 days' where id = $1`,
      [old.rejectionId],
    );
    const store = sink.get(RejectionStore);
    const gone = await Promise.all([store.purge(10), store.purge(10), store.purge(10)]);
    expect(gone.reduce((sum, each) => sum + each, 0)).toBe(1);
    expect([await count(old.tenantId), await count(young.tenantId)]).toEqual([0, 1]);
  });

  it('keeps out what an erased person did before, and takes what is new', async () => {
    const tenantId = aTenant();
    const erasedAt = '2026-11-20T12:00:00.000Z';
    await admin.query('insert into events.erased_person (tenant_id, person, erased_at) values ($1, $2, $3)', [
      tenantId,
      marks.of(tenantId, 'u-1'),
      erasedAt,
    ]);
    const [before, after, other] = [
      aRejection({ tenantId, receivedAt: erasedAt }),
      aRejection({ tenantId, receivedAt: '2026-11-20T12:00:00.001Z' }),
      aRejection({ tenantId, receivedAt: erasedAt, userId: 'u-2' }),
    ];
    const told = (timestamp: unknown, changes: object = {}) =>
      aRejection({
        tenantId,
        receivedAt: '2026-11-22T09:00:00.000Z',
        event: JSON.stringify({ timestamp }),
        ...changes,
      });
    const late = [
      told('2026-11-20T11:59:59Z'),
      told('2026-11-20 11:00:00'),
      told(Date.parse('2026-11-20T11:00:00Z')),
      // a clock ahead: by ours it was before
      told('2026-11-20T14:00:00.000Z', { sentAt: '2026-11-22T12:00:00.000Z' }),
      // a `sent_at` that is not to be believed
      told('2026-11-20T11:00:00.000Z', { sentAt: '2026-11-20T11:00:00.001Z' }),
    ];
    expect(await keep.execute([before, after, other, ...late])).toBe(2);
    expect((await read(tenantId)).map(({ rejectionId }) => rejectionId)).toEqual([
      after.rejectionId,
      other.rejectionId,
    ]);
    // whose time nobody can read, and another person's
    expect(await keep.execute([told('some day'), told('2026-11-20T11:00:00Z', { userId: 'u-2' })])).toBe(2);
  });

  it('shows a tenant its own only: by row-level security alone, and by the query alone', async () => {
    const [mine, other] = [aRejection(), aRejection()];
    await keep.execute([mine, other]);
    // the query asks for another's: the wall of the role holds
    expect(await read(mine.tenantId, other.tenantId)).toEqual([]);
    const unwalled = await openEvents(database, 'events_worker', [
      { provide: RejectionReader, useClass: PostgresRejectionReader },
    ]);
    // the role may see both: the query holds
    const seen = await unwalled.transaction.runFor([mine.tenantId, other.tenantId], () =>
      unwalled.get(RejectionReader).list(mine.tenantId, {}, undefined, 10),
    );
    await unwalled.close();
    expect(seen.map(({ rejectionId }) => rejectionId)).toEqual([mine.rejectionId]);
  });
});
