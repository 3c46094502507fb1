import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { Analytics, AnalyticsDatabase, TEST_PSEUDONYM_SECRET } from '../../test/analytics-database';
import { aTenant, aTrackedEvent } from '../../test/tracked-event.builder';
import { UniqueSketch } from '../domain/unique-sketch';
import { StoreEvents } from './store-events';
import { TrackedEvent } from './tracked-event';

const EVERY_TABLE = ['quarter_rollup', 'quarter_dimension', 'sessions', 'touched_day', 'app_state', 'events'];

let database: AnalyticsDatabase;
let admin: Client;
let worker: Analytics;
let store: StoreEvents;

beforeAll(async () => {
  database = await AnalyticsDatabase.create();
  admin = database.admin;
  worker = await database.worker();
  store = worker.get(StoreEvents);
});
afterAll(() => database?.close());

/** All that is kept of a tenant, table by table; `without` what may differ between two ways to the same end. */
async function everything(
  tenantId: string,
  without: readonly string[] = [],
): Promise<Record<string, string[]>> {
  const kept: Record<string, string[]> = {};
  for (const table of EVERY_TABLE) {
    const { rows } = await admin.query<{ row: string }>(
      `select (to_jsonb(t) - $2::text[])::text as row from analytics.${table} t where tenant_id = $1 order by 1`,
      [tenantId, without],
    );
    kept[table] = rows.map(({ row }) => row);
  }
  return kept;
}

async function quarters(tenantId: string) {
  const { rows } = await admin.query<{
    event_type: string;
    bucket: Date;
    events: string;
    users: Buffer;
    sessions: Buffer;
  }>(
    `select event_type, bucket, events, users, sessions from analytics.quarter_rollup where tenant_id = $1 order by event_type, bucket`,
    [tenantId],
  );
  return rows.map((row) => ({
    type: row.event_type,
    at: row.bucket.toISOString().slice(11, 16),
    events: Number(row.events),
    users: UniqueSketch.of(row.users).count,
    sessions: UniqueSketch.of(row.sessions).count,
  }));
}

async function values(tenantId: string, dimension: string) {
  const { rows } = await admin.query<{ value: string | null; events: string }>(
    `select value, sum(events) as events from analytics.quarter_value
     where tenant_id = $1 and dimension = $2 group by value order by value nulls last`,
    [tenantId, dimension],
  );
  return rows.map(({ value, events }) => [value, Number(events)]);
}

describe('StoreEvents', () => {
  it('keeps each event raw, and counts it in its quarter, by type and in all, with its people and sessions', async () => {
    const tenantId = aTenant();
    const at = (time: string, changes: Partial<TrackedEvent> = {}) =>
      aTrackedEvent({ tenantId, timestamp: `2026-11-10T${time}:00.000Z`, ...changes } as object);
    const outcome = await store.execute([
      at('10:00'),
      at('10:14', { userId: 'ana', sessionId: 's-2' }),
      at('10:14', { userId: 'ana', sessionId: 's-2', eventType: 'click' }),
      at('10:15', { userId: 'ana', sessionId: 's-2' }),
    ]);
    expect(outcome).toMatchObject({ stored: 4, duplicates: 0, erased: 0, refused: [] });
    expect(await quarters(tenantId)).toEqual([
      { type: '*', at: '10:00', events: 3, users: 2, sessions: 2 },
      { type: '*', at: '10:15', events: 1, users: 1, sessions: 1 },
      { type: 'click', at: '10:00', events: 1, users: 1, sessions: 1 },
      { type: 'page_view', at: '10:00', events: 2, users: 2, sessions: 2 },
      { type: 'page_view', at: '10:15', events: 1, users: 1, sessions: 1 },
    ]);
    expect(await values(tenantId, 'url')).toEqual([['app.moneyflow.com/transfer', 4]]);
    expect(await values(tenantId, 'referrer')).toEqual([['google.com', 4]]);
    const { rows } = await admin.query(
      'select event_type, user_id, device, url, metadata, context ->> $2 as locale from analytics.events where tenant_id = $1 order by occurred_at, event_type',
      [tenantId, 'locale'],
    );
    expect(rows).toHaveLength(4);
    expect(rows[1]).toEqual({
      event_type: 'click',
      user_id: 'ana',
      device: 'desktop',
      url: 'app.moneyflow.com/transfer',
      metadata: { plan: 'pro' },
      locale: 'pt-BR',
    });
  });

  it('keeps what few events of a quarter say with it, and counts it by value from the ninth on', async () => {
    const tenantId = aTenant();
    const BROWSER = `"{Chro\\me}", 'ç'`;
    const pages = ['/a', '/b', '/a', undefined, '/c', '/a', '/b', '/a', '/a', '/b'];
    const view = (url: string | undefined, n: number) =>
      aTrackedEvent({
        tenantId,
        timestamp: `2026-11-10T10:00:0${n}.000Z`,
        context: { url: url && `https://loja.example${url}` },
        device: { kind: 'desktop', family: 'Other', browser: BROWSER, os: 'Linux', bot: false },
      });
    const kept = async () => {
      const { rows } = await admin.query<{ few: unknown[][] | null; rows: number }>(
        `select few, (select count(*)::int from analytics.quarter_dimension d where d.tenant_id = $1) as rows
         from analytics.quarter_rollup where tenant_id = $1 and event_type = 'page_view'`,
        [tenantId],
      );
      return rows.map(({ few, rows }) => [few?.[0]?.length, rows]);
    };
    const counted = () => {
      const told = new Map<string, number>();
      for (const url of pages.slice(0, stored)) {
        const page = url ? `loja.example${new URL(url, 'https://loja.example').pathname}` : '';
        told.set(page, (told.get(page) ?? 0) + 1);
      }
      return new Map([...told].sort(([a], [b]) => (a < b ? -1 : 1)));
    };
    let stored = 0;
    for (const [until, form] of [
      [3, [3, 0]],
      [8, [8, 0]],
      [9, [undefined, 9]],
      [10, [undefined, 9]],
    ] as const) {
      await store.execute(pages.slice(stored, until).map((url, n) => view(url, stored + n)));
      stored = until;
      expect(await kept()).toEqual([form]);
      expect(new Map((await values(tenantId, 'url')) as [string, number][])).toEqual(counted());
      expect(await values(tenantId, 'browser')).toEqual([[BROWSER, stored]]);
    }
  });

  it('adds to values that were counted one by one before few were kept, and to few that others counted on', async () => {
    const tenantId = aTenant();
    const at = (second: number) => aTrackedEvent({ tenantId, timestamp: `2026-11-10T10:00:0${second}.000Z` });
    await store.execute([at(0), at(1)]);
    await admin.query(
      `with counted as (insert into analytics.quarter_dimension
         select tenant_id, app_id, event_type, dimension, bucket, value, sum(events) from analytics.quarter_value
         where tenant_id = $1 group by 1, 2, 3, 4, 5, 6)
       update analytics.quarter_rollup set few = null where tenant_id = $1`,
      [tenantId],
    );
    await store.execute([at(2)]);
    expect(await values(tenantId, 'url')).toEqual([['app.moneyflow.com/transfer', 3]]);
    await admin.query(
      `with gone as (delete from analytics.quarter_dimension where tenant_id = $1)
       update analytics.quarter_rollup set few = null where tenant_id = $1`,
      [tenantId],
    );
    await store.execute([at(3), at(4)]);
    expect(await values(tenantId, 'url')).toEqual([['app.moneyflow.com/transfer', 2]]);
  });

  it('changes nothing when everything comes again, in another order and in other batches', async () => {
    const tenantId = aTenant();
    const events = aDayOf(tenantId, 400);
    await store.execute(events.slice(0, 250));
    await store.execute(events.slice(250));
    const before = await everything(tenantId);
    const again = [...events].reverse();
    for (let start = 0; start < again.length; start += 70) {
      const outcome = await store.execute(again.slice(start, start + 70));
      expect(outcome.stored).toBe(0);
    }
    expect(await everything(tenantId)).toEqual(before);
  });

  it('comes to the same whatever the order and the batches, twice in a batch included', async () => {
    const [one, other] = [aTenant(), aTenant()];
    const events = aDayOf(one, 400);
    await store.execute(events);
    const shuffled = [...events].sort((a, b) => (a.eventId < b.eventId ? -1 : 1));
    for (let start = 0; start < shuffled.length; start += 90) {
      const batch = shuffled.slice(start, start + 100).map((event) => ({ ...event, tenantId: other }));
      await store.execute([...batch, ...batch.slice(0, 5)]);
    }
    const volatile = ['tenant_id', 'seq', 'changed_at', 'created_at', 'visitor', 'session', 'users'];
    const told = (kept: Record<string, string[]>) => ({ ...kept, app_state: kept['app_state']?.length });
    // people are other numbers in another tenant: their sketches are compared by what they come to
    const without = [...volatile, 'sessions'];
    expect(told(await everything(other, without))).toEqual(told(await everything(one, without)));
    expect(await quarters(other)).toEqual(await quarters(one));
  });

  it('takes batches of the same application from two consumers at once', async () => {
    const tenantId = aTenant();
    const events = aDayOf(tenantId, 1_200);
    const half = events.slice(0, 800);
    const others = events.slice(400);
    await Promise.all([
      ...[0, 200, 400, 600].map((start) => store.execute(half.slice(start, start + 200))),
      ...[600, 400, 200, 0].map((start) => store.execute(others.slice(start, start + 200))),
    ]);
    const { rows } = await admin.query<{ events: string; raw: string; sessions: string }>(
      `select (select sum(events) from analytics.quarter_rollup where tenant_id = $1 and event_type = '*') as events,
         (select count(*) from analytics.events where tenant_id = $1) as raw,
         (select sum(events) from analytics.sessions where tenant_id = $1) as sessions`,
      [tenantId],
    );
    expect(rows[0]).toEqual({ events: '1200', raw: '1200', sessions: '1200' });
    const alone = aTenant();
    await store.execute(events.map((event) => ({ ...event, tenantId: alone })));
    expect(await quarters(tenantId)).toEqual(await quarters(alone));
  });

  it('joins two sessions when a late event comes between them', async () => {
    const tenantId = aTenant();
    const at = (time: string) => aTrackedEvent({ tenantId, timestamp: `2026-11-11T${time}:00.000Z` });
    const sessions = async () =>
      (
        await admin.query<{ from: Date; to: Date; events: number }>(
          'select started_at as from, ended_at as to, events from analytics.sessions where tenant_id = $1 order by 1',
          [tenantId],
        )
      ).rows.map(({ from, to, events }) => [
        from.toISOString().slice(11, 16),
        to.toISOString().slice(11, 16),
        events,
      ]);
    await store.execute([at('10:00'), at('10:20')]);
    await store.execute([at('11:00')]);
    expect(await sessions()).toEqual([
      ['10:00', '10:20', 2],
      ['11:00', '11:00', 1],
    ]);
    await store.execute([at('10:40')]);
    expect(await sessions()).toEqual([['10:00', '11:00', 4]]);
    await store.execute([at('09:45')]);
    expect(await sessions()).toEqual([['09:45', '11:00', 5]]);
  });

  it('outdates the day on which a session began that goes on after midnight', async () => {
    const tenantId = aTenant();
    await store.execute([aTrackedEvent({ tenantId, timestamp: '2026-11-11T23:50:00.000Z' })]);
    const seqs = async () =>
      (
        await admin.query<{ day: string; seq: string }>(
          'select day::text, seq from analytics.touched_day where tenant_id = $1 order by 1',
          [tenantId],
        )
      ).rows;
    const [before] = await seqs();
    await store.execute([aTrackedEvent({ tenantId, timestamp: '2026-11-12T00:10:00.000Z' })]);
    const [first, second] = await seqs();
    expect(first?.day).toBe('2026-11-11');
    expect(Number(first?.seq)).toBeGreaterThan(Number(before?.seq));
    expect(second).toEqual({ day: '2026-11-12', seq: first?.seq });
  });

  it('keeps 256 values of a dimension in a quarter and counts the others in the remainder; the sum stays whole', async () => {
    const tenantId = aTenant();
    const timestamp = '2026-11-12T12:00:00.000Z';
    const page = (name: string) =>
      aTrackedEvent({ tenantId, timestamp, context: { url: `https://loja.example/p/${name}` } });
    const letters = (n: number) =>
      [...n.toString(26)].map((digit) => String.fromCharCode(97 + parseInt(digit, 26))).join('');
    await store.execute(Array.from({ length: 200 }, (_, n) => page(letters(n))));
    await store.execute(Array.from({ length: 200 }, (_, n) => page(letters(n + 150))));
    await store.execute([
      page(letters(0)),
      page(letters(390)),
      aTrackedEvent({ tenantId, timestamp, context: {} }),
    ]);
    const told = await values(tenantId, 'url');
    const of = (value: string | null) => told.find(([key]) => key === value)?.[1];
    expect(told.filter(([value]) => value !== null && value !== '')).toHaveLength(256);
    expect(of('')).toBe(1);
    expect(of(`loja.example/p/${letters(0)}`)).toBe(2);
    expect(of(`loja.example/p/${letters(160)}`)).toBe(2);
    expect(of(null)).toBe(400 - 200 - 50 - 56 + 1);
    expect(told.reduce((sum, [, events]) => sum + Number(events), 0)).toBe(403);
  });

  it('refuses what is older than its tenant keeps, and a future that cannot be', async () => {
    const tenantId = aTenant();
    const old = new Date(Date.now() - 70 * 86_400_000).toISOString();
    await admin.query(
      `insert into analytics.retention (tenant_id, months, kept_from, changed_at) values ($1, 1, '2020-01-01', now())`,
      [tenantId],
    );
    const ahead = new Date(Date.now() + 40 * 86_400_000).toISOString();
    const outcome = await store.execute([
      aTrackedEvent({ tenantId, timestamp: old }),
      aTrackedEvent({ tenantId, timestamp: ahead }),
      aTrackedEvent({ tenantId }),
    ]);
    expect(outcome.stored).toBe(1);
    expect(outcome.refused.map(({ code }) => code).sort()).toEqual(['timestamp_in_future', 'too_old']);
  });

  it('keeps out what an erased person did, of all that is made of it', async () => {
    const tenantId = aTenant();
    const event = aTrackedEvent({ tenantId, userId: 'erased' });
    const { HmacPersonMarks } = await import('@libs/persons');
    await admin.query(
      'insert into analytics.erased_person (tenant_id, person, erased_at) values ($1, $2, now())',
      [tenantId, new HmacPersonMarks(TEST_PSEUDONYM_SECRET).of(tenantId, 'erased')],
    );
    const outcome = await store.execute([event]);
    expect(outcome).toMatchObject({ stored: 0, erased: 1 });
    expect(Object.values(await everything(tenantId)).flat()).toEqual([]);
  });

  it('writes nothing when one event cannot be stored', async () => {
    const tenantId = aTenant();
    const bad = aTrackedEvent({ tenantId, eventType: 'x'.repeat(65) });
    await expect(store.execute([aTrackedEvent({ tenantId }), bad])).rejects.toMatchObject({ code: '23514' });
    await expect(store.execute([aTrackedEvent({ tenantId, eventType: '*' })])).rejects.toMatchObject({
      code: '23514',
    });
    expect(Object.values(await everything(tenantId)).flat()).toEqual([]);
  });
});

/** A day of several people, types and pages, with late ones and pauses. */
function aDayOf(tenantId: string, count: number): TrackedEvent[] {
  let state = 42;
  const random = (below: number) => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
  return Array.from({ length: count }, () => {
    const timestamp = new Date(Date.UTC(2026, 10, 10) + random(86_400) * 1_000).toISOString();
    const person = random(12);
    return aTrackedEvent({
      tenantId,
      eventId: randomUUID(),
      timestamp,
      eventType: ['page_view', 'click', 'login'][random(3)],
      userId: person < 8 ? `user-${person}` : undefined,
      deviceId: person < 10 ? `device-${person}` : undefined,
      sessionId: `session-${person}-${random(3)}`,
      context: { url: `https://app.example/${['a', 'b', 'c'][random(3)]}` },
      country: ['BR', 'PT', undefined][random(3)],
    } as object);
  });
}
