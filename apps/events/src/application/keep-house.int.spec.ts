import { Client } from 'pg';
import { topics } from '@libs/contracts';
import { Erasures, newId, Outbox, TenantId } from '@libs/kernel';
import { testDatabase, TestDatabase } from '@libs/testing';
import { openEvents } from '../../test/events-database';
import { aLoggedEvent, aTenant } from '../../test/logged-event.builder';
import { NobodyErased } from '../../test/nobody-erased';
import { LoggedEvent } from '../domain/tracked-event';
import { eventsSchema } from '../events.schema';
import { RetentionSnapshot } from '../infrastructure/postgres/retention-snapshot';
import { retaining } from '../retaining.wiring';
import { storing } from '../storing.wiring';
import { ChangeRetention } from './change-retention';
import { EventProjections } from './event-projections';
import { KeepHouse } from './keep-house';
import { Retention } from './retention';
import { StoreEvents } from './store-events';

const providers = [
  ...storing.providers,
  { provide: Erasures, useValue: new NobodyErased() },
  { provide: EventProjections, useValue: new EventProjections([]) },
];

let database: TestDatabase;
let admin: Client;
let sink: Awaited<ReturnType<typeof openEvents>>;
let api: Awaited<ReturnType<typeof openEvents>>;

beforeAll(async () => {
  database = await testDatabase([eventsSchema]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  sink = await openEvents(database, 'events_worker', providers);
  api = await openEvents(database, 'events_api', retaining.providers);
});
afterAll(async () => {
  await sink?.close();
  await api?.close();
  await admin?.end();
  await database?.drop();
});

const house = () => sink.get(KeepHouse);
const store = (...events: LoggedEvent[]) => sink.get(StoreEvents).execute(events);

async function known(): Promise<TenantId> {
  const tenantId = aTenant();
  await admin.query(
    `insert into events.tenant_directory (tenant_id, subdomain, status, origins, domains, revision)
     values ($1, $2, 'active', '{}', '{}', 1)`,
    [tenantId, `loja-${tenantId.slice(-12)}`],
  );
  return tenantId;
}

const keeps = (tenantId: TenantId, months: number, criticalMonths: number) =>
  api.as(tenantId, () =>
    api.get(ChangeRetention).execute(tenantId, { months, criticalMonths }, { userId: newId() }),
  );

/** The middle of the month that was so many months ago. */
function monthsAgo(months: number): string {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 15)).toISOString();
}

async function tables(): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent in ('events.user_events'::regclass, 'events.transactions'::regclass) order by 1`,
  );
  return rows.map(({ name }) => name);
}

async function count(table: string, tenantId: TenantId): Promise<number> {
  const { rows } = await admin.query<{ n: number }>(
    `select count(*)::int as n from events.${table} where tenant_id = $1`,
    [tenantId],
  );
  return rows[0]?.n ?? 0;
}

const partition = (table: string, months: number) =>
  `${table}_${monthsAgo(months).slice(0, 7).replace('-', '_')}`;

describe('the upkeep', () => {
  it('makes the months that events will fall into, before they come', async () => {
    expect(await house().execute()).toEqual({ dropped: [], deleted: 0 });
    const made = await tables();
    for (const step of [1, 0, -1, -2])
      expect(made).toEqual(
        expect.arrayContaining([partition('user_events', step), partition('transactions', step)]),
      );
  });

  it('drops the months that nobody keeps, and those only', async () => {
    const tenantId = await known();
    await store(aLoggedEvent({ tenantId, timestamp: monthsAgo(58) }));
    await admin.query('select events.make_partitions($1::date[])', [[`${monthsAgo(63).slice(0, 7)}-01`]]);
    const { dropped } = await house().execute();
    expect(dropped.sort()).toEqual([partition('transactions', 63), partition('user_events', 63)]);
    expect(await count('user_events', tenantId)).toBe(1);
    expect(await tables()).not.toContain(partition('user_events', 63));
  });

  it('deletes, bit by bit, of whom keeps less than the others', async () => {
    const [short, long] = [await known(), await known()];
    await keeps(short, 1, 2);
    await store(aLoggedEvent({ tenantId: long, timestamp: monthsAgo(5) }), aLoggedEvent({ tenantId: short }));
    for (const table of ['user_events', 'transactions'])
      await admin.query(
        table === 'user_events'
          ? `insert into events.user_events (tenant_id, event_id, "timestamp", event_type, app_id, source, occurred_at, received_at, context, device, properties)
             select $1, gen_random_uuid(), $2, 'transfer_completed', gen_random_uuid(), 'sdk', $2, $2, '{}', '{}', '{}' from generate_series(1, 4100)`
          : `insert into events.transactions (tenant_id, event_id, "timestamp", type, amount, currency, description, category_id, occurred_at)
             select $1, gen_random_uuid(), $2, 'expense', 1, 'BRL', 'Teste', 'c', $2 from generate_series(1, 4100)`,
        [short, monthsAgo(5)],
      );
    const runs = await Promise.all([house().execute(), house().execute()]);
    // while one had its turn, the other may have gone on past what is left
    runs.push(await house().execute());
    expect(runs.reduce((sum, { deleted }) => sum + deleted, 0)).toBe(8_200);
    expect([await count('user_events', short), await count('transactions', short)]).toEqual([1, 1]);
    expect([await count('user_events', long), await count('transactions', long)]).toEqual([1, 1]);
  });

  it('deletes notifications and insights with what they were made of', async () => {
    const [short, long] = [await known(), await known()];
    await keeps(short, 3, 6);
    for (const tenantId of [short, long])
      // months that are kept and let go on any day: what expires stays for eight days more
      for (const months of [2, 5, 8]) {
        await admin.query(
          `insert into events.notifications (tenant_id, id, user_id, type, title, message, priority, event_id, "timestamp", occurred_at)
           values ($1, gen_random_uuid(), 'u', 'cashback', 't', 'm', 'low', gen_random_uuid(), $2, $2)`,
          [tenantId, monthsAgo(months)],
        );
        await admin.query(
          `insert into events.ai_insights (tenant_id, id, user_id, insight_type, category_id, week, title, description, confidence, amount, usual_amount, weeks_known, currency)
           values ($1, gen_random_uuid(), 'u', 'spending_pattern', 'c', $2::timestamptz::date, 't', 'd', 80, 2, 1, 8, 'BRL')`,
          [tenantId, monthsAgo(months)],
        );
      }
    await house().execute();
    expect([await count('notifications', short), await count('ai_insights', short)]).toEqual([1, 2]);
    expect([await count('notifications', long), await count('ai_insights', long)]).toEqual([3, 3]);
  });

  it('deletes what everybody was told, of an alert or a webhook, as long after', async () => {
    const tenantId = await known();
    await keeps(tenantId, 2, 2);
    for (const months of [0, 5])
      await admin.query(
        `insert into events.notifications (tenant_id, id, type, title, message, priority, incident_id, incident_state, webhook_id, occurred_at)
         values ($1, $2, 'alert', 't', 'm', 'high', $3, 'fired', null, $5),
           ($1, $4, 'webhook_disabled', 't', 'm', 'high', null, null, $3, $5)`,
        [tenantId, newId(), newId(), newId(), monthsAgo(months)],
      );
    await house().execute();
    expect(await count('notifications', tenantId)).toBe(2);
  });

  it('lets dead letters go after 90 days, mended or not, of any tenant and of none', async () => {
    for (const days of [91, 89])
      await admin.query(
        `insert into events.dead_letter (id, tenant_id, source, reason, detail, payload, created_at, redriven_at)
         select gen_random_uuid(), tenant_id, 'events', 'invalid_data', 'x', '{}', at, case when n > 2 then at end
         from (select n, case when n % 2 = 0 then gen_random_uuid() end as tenant_id, now() - make_interval(days => $1) as at
           from generate_series(1, 4) n) as letters`,
        [days],
      );
    expect(await house().execute(AbortSignal.abort())).toMatchObject({ deleted: 0 });
    expect(await house().execute()).toMatchObject({ deleted: 4 });
    const { rows } = await admin.query<{ days: number }>(
      'select extract(day from now() - created_at)::int as days from events.dead_letter',
    );
    expect(rows).toEqual(Array(4).fill({ days: 89 }));
  });

  it('is not needed by a sink whose month went away behind its back, as after a restore', async () => {
    const tenantId = await known();
    const event = aLoggedEvent({ tenantId, timestamp: monthsAgo(20) });
    await store({ ...event, eventId: '00000000-0000-4000-8000-000000000000' });
    await admin.query(`drop table events.${partition('user_events', 20)}`);
    await expect(store(event)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await store(event)).toMatchObject({ stored: 1 });
  });

  it('stops between two transactions when it is told to', async () => {
    const tenantId = await known();
    await keeps(tenantId, 1, 1);
    await admin.query(
      `insert into events.transactions (tenant_id, event_id, "timestamp", type, amount, currency, description, category_id, occurred_at)
       values ($1, gen_random_uuid(), $2, 'expense', 1, 'BRL', 'Teste', 'c', $2)`,
      [tenantId, monthsAgo(5)],
    );
    expect(await house().execute(AbortSignal.abort())).toMatchObject({ deleted: 0 });
    expect(await house().execute()).toMatchObject({ deleted: 1 });
  });
});

describe('a longer retention', () => {
  it('does not let in again what a shorter one deleted, neither at the collector nor at the sink', async () => {
    const tenantId = await known();
    const [old, older] = [monthsAgo(6), monthsAgo(30)].map((timestamp) =>
      aLoggedEvent({ tenantId, timestamp }),
    );
    expect(await store(old as LoggedEvent)).toMatchObject({ stored: 1 });
    await keeps(tenantId, 1, 3);
    await house().execute();
    await keeps(tenantId, 120, 120);
    expect(await store(old as LoggedEvent, older as LoggedEvent)).toMatchObject({
      stored: 0,
      refused: [{ code: 'too_old' }, { code: 'too_old' }],
    });
    const snapshot = api.get<RetentionSnapshot>(Retention);
    await snapshot.refresh();
    const bound = new Date(snapshot.oldest(tenantId, new Date()).critical).toISOString();
    expect(bound.slice(0, 10)).toBe(`${monthsAgo(3).slice(0, 7)}-01`);
    expect(await count('user_events', tenantId)).toBe(0);
  });

  it('takes from then on what is old, in months that are made for it', async () => {
    const tenantId = await known();
    await keeps(tenantId, 13, 120);
    // what nobody had yet is still outside: five years were kept until now
    expect(await store(aLoggedEvent({ tenantId, timestamp: monthsAgo(70) }))).toMatchObject({
      refused: [{ code: 'too_old' }],
    });
    await admin.query(`update events.retention set critical_kept_from = '1970-01-01' where tenant_id = $1`, [
      tenantId,
    ]);
    expect(await store(aLoggedEvent({ tenantId, timestamp: monthsAgo(119) }))).toMatchObject({ stored: 1 });
    expect((await house().execute()).dropped).toEqual([]);
    expect(await count('user_events', tenantId)).toBe(1);
  });
});

describe('changing retention', () => {
  it('is told to whoever keeps events, with an entry of the audit log, and not for what changes nothing', async () => {
    const tenantId = await known();
    await keeps(tenantId, 12, 24);
    await keeps(tenantId, 12, 24);
    const { rows } = await admin.query<{ topic: string; messages: { payload: object }[] }>(
      'select topic, messages from events.outbox where tenant_id = $1 order by topic',
      [tenantId],
    );
    expect(rows.map(({ topic, messages }) => [topic, messages.map(({ payload }) => payload)])).toMatchObject([
      [
        topics.auditRecorded,
        [
          {
            action: 'events.retention_changed',
            target: tenantId,
            details: { months: '13 -> 12', criticalMonths: '60 -> 24' },
          },
        ],
      ],
      [
        topics.retentionChanged,
        [
          {
            months: 12,
            keptFrom: `${monthsAgo(13).slice(0, 7)}-01T00:00:00.000Z`,
            changedAt: expect.any(String),
          },
        ],
      ],
    ]);
  });

  it('of two at once gives up what either gave up', async () => {
    const tenantId = await known();
    await Promise.all([keeps(tenantId, 2, 2), keeps(tenantId, 100, 100), keeps(tenantId, 5, 5)]);
    const snapshot = api.get<RetentionSnapshot>(Retention);
    await snapshot.refresh();
    await keeps(tenantId, 120, 120);
    await snapshot.refresh();
    expect(new Date(snapshot.oldest(tenantId, new Date()).other).toISOString().slice(0, 7)).toBe(
      monthsAgo(2).slice(0, 7),
    );
  });

  it('is undone when its audit entry cannot be written', async () => {
    const tenantId = await known();
    const outbox = jest.spyOn(api.get(Outbox), 'add').mockRejectedValueOnce(new Error('no room'));
    await expect(keeps(tenantId, 1, 1)).rejects.toThrow('no room');
    outbox.mockRestore();
    const snapshot = api.get<RetentionSnapshot>(Retention);
    await snapshot.refresh();
    expect(new Date(snapshot.oldest(tenantId, new Date()).other).toISOString().slice(0, 7)).toBe(
      monthsAgo(13).slice(0, 7),
    );
  });
});
