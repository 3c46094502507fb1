import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { newId, TenantId } from '@libs/kernel';
import { ErasePersons, Erasure } from '@libs/persons';
import { ReceivedEvent } from '@libs/tracked-events';
import { Analytics, AnalyticsDatabase } from '../../../test/analytics-database';
import { aTenant, aTrackedEvent } from '../../../test/tracked-event.builder';
import { erasing } from '../../erasing.wiring';
import { RebuildDay } from '../rebuild-day';
import { StoreEvents } from '../store-events';
import { DaysNotRebuilt, RebuildMarkedDays } from './rebuild-marked-days';

const APPS = ['019a2b3c-0000-7000-8000-00000000000a', '019a2b3c-0000-7000-8000-00000000000b'];
/** What is made of events; touched_day and app_state only say that something changed, and when. */
const MADE = ['events', 'quarter_rollup', 'quarter_dimension', 'sessions'];

interface World {
  database: AnalyticsDatabase;
  admin: Client;
  worker: Analytics;
  store: StoreEvents;
  erase: ErasePersons;
  rebuild: RebuildMarkedDays;
}

let here: World;
let without: World;

beforeAll(async () => {
  [here, without] = [await open(), await open()];
}, 120_000);
afterAll(async () => {
  for (const world of [here, without]) await world?.database.close();
});

async function open(): Promise<World> {
  const database = await AnalyticsDatabase.create();
  const worker = await database.worker(...erasing.providers);
  return {
    database,
    admin: database.admin,
    worker,
    store: worker.get(StoreEvents),
    erase: worker.get(ErasePersons),
    rebuild: worker.get(RebuildMarkedDays),
  };
}

const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();

/** Of three days, in two applications: visits with pages that only this person has seen. */
function lifeOf(tenantId: TenantId, userId: string): ReceivedEvent[] {
  return [70, 69.8, 47, 46.9, 46.5, 30, 2, 1.9, 1].map((hours, at) => {
    const [sessionId, deviceId] = [`s-${userId}-${Math.floor(at / 3)}`, `d-${userId}`];
    const url = `https://app.moneyflow.com/only/${userId}-${at % 4}`;
    return aTrackedEvent({
      tenantId,
      userId,
      sessionId,
      deviceId,
      appId: APPS[at % 3 === 2 ? 1 : 0],
      eventType: at % 2 ? 'click' : 'page_view',
      timestamp: ago(hours),
      context: { url, referrer: `https://${userId}.example` },
    });
  });
}

function erasureOf(tenantId: TenantId, userId: string, erasedAt = new Date()): Erasure {
  return { tenantId, erasureId: newId(), userId, erasedAt };
}

/** Everything that is made of a tenant's events, without when it was written. */
async function madeOf({ admin }: World, tenantId: TenantId): Promise<Record<string, string[]>> {
  const made: Record<string, string[]> = {};
  for (const table of MADE) {
    const { rows } = await admin.query<{ row: string }>(
      `select (to_jsonb(t) - 'created_at')::text as row from analytics.${table} t where tenant_id = $1 order by 1`,
      [tenantId],
    );
    made[table] = rows.map(({ row }) => row);
  }
  return made;
}

async function traces({ admin }: World, tenantId: TenantId, userId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of ['events', 'sessions']) {
    const { rows } = await admin.query<{ n: number }>(
      `select count(*)::int as n from analytics.${table} where tenant_id = $1 and user_id = $2`,
      [tenantId, userId],
    );
    counts[table] = rows[0]?.n ?? -1;
  }
  return counts;
}

async function statusOf({ admin }: World, { erasureId }: Erasure) {
  const { rows } = await admin.query<{ status: string; erased: object }>(
    'select status, erased from analytics.erasure where id = $1',
    [erasureId],
  );
  return rows[0];
}

/** Tables of which a row of the tenant names the person, or what only they have seen. */
async function tablesNaming({ admin }: World, tenantId: TenantId, userId: string): Promise<string[]> {
  const { rows: tables } = await admin.query<{ name: string }>(
    `select table_name as name from information_schema.columns
     where table_schema = 'analytics' and column_name = 'tenant_id'`,
  );
  const naming: string[] = [];
  for (const { name } of tables) {
    const { rowCount } = await admin.query(
      `select from analytics."${name}" t where tenant_id = $1 and to_jsonb(t)::text ~ $2`,
      [tenantId, `"${userId}"|[-/]${userId}[-".]`],
    );
    if (rowCount) naming.push(name);
  }
  return naming;
}

/** Makes all marked days again; they are due now. */
async function madeAgain({ admin, rebuild }: World): Promise<void> {
  do await admin.query('update analytics.rebuild_day set due_at = now()');
  while ((await rebuild.execute()) > 0);
}

describe('erasing a person from the raw store', () => {
  it('leaves the world as it were without them: rows, sums, sketches, pages and sessions', async () => {
    const [tenantId, other] = [aTenant(), aTenant()];
    const others = [...lifeOf(tenantId, 'ele'), ...lifeOf(tenantId, 'elas'), ...lifeOf(other, 'ela')];
    for (const events of [others, lifeOf(tenantId, 'ela')]) await here.store.execute(events);
    await without.store.execute(others);
    expect(await tablesNaming(here, tenantId, 'ela')).toEqual(
      expect.arrayContaining(['events', 'quarter_rollup', 'sessions']),
    );
    const erasure = erasureOf(tenantId, 'ela');
    await here.erase.execute([erasure]);
    expect(await statusOf(here, erasure)).toMatchObject({ status: 'running', erased: { events: 9 } });
    await madeAgain(here);
    expect(await traces(here, tenantId, 'ela')).toEqual({ events: 0, sessions: 0 });
    expect(await madeOf(here, tenantId)).toEqual(await madeOf(without, tenantId));
    expect(await madeOf(here, other)).toEqual(await madeOf(without, other));
    expect(await statusOf(here, erasure)).toMatchObject({ status: 'completed', erased: { events: 9 } });
    expect(await tablesNaming(here, tenantId, 'ela')).toEqual([]);
    expect(await tablesNaming(here, other, 'ela')).toContain('events');
  });

  it('keeps out what comes late or again, and lets in what the person does later', async () => {
    const tenantId = aTenant();
    const life = lifeOf(tenantId, 'ela');
    await here.store.execute(life);
    await here.erase.execute([erasureOf(tenantId, 'ela')]);
    expect(await here.store.execute(life)).toMatchObject({ stored: 0, erased: life.length });
    // a client whose sent_at carries it over the erasure by little
    const carried = aTrackedEvent({
      tenantId,
      userId: 'ela',
      timestamp: ago(0.1),
      occurredAt: new Date(Date.now() + 1_000).toISOString(),
    });
    expect(await here.store.execute([carried])).toMatchObject({ stored: 0, erased: 1 });
    await sleep(5);
    const news = aTrackedEvent({ tenantId, userId: 'ela', timestamp: new Date().toISOString() });
    expect(await here.store.execute([news])).toMatchObject({ stored: 1, erased: 0 });
    await madeAgain(here);
    expect(await traces(here, tenantId, 'ela')).toEqual({ events: 1, sessions: 1 });
  });

  it('makes a session that goes on after the erasure begin after it', async () => {
    const tenantId = aTenant();
    const at = (minutes: number) => new Date(Date.now() - 60 * 60_000 + minutes * 60_000);
    const visit = [0, 10, 20, 30].map((minute) =>
      aTrackedEvent({ tenantId, userId: 'ela', timestamp: at(minute).toISOString() }),
    );
    await here.store.execute(visit);
    await here.erase.execute([erasureOf(tenantId, 'ela', at(15))]);
    await madeAgain(here);
    const { rows } = await here.admin.query<{ started_at: Date; events: number }>(
      'select started_at, events from analytics.sessions where tenant_id = $1',
      [tenantId],
    );
    expect(rows).toEqual([{ started_at: new Date(visit[2]!.occurredAt), events: 2 }]);
  });

  it('waits for a batch that looked before the mark was there, and takes what it wrote', async () => {
    const tenantId = aTenant();
    const other = await here.database.worker(...erasing.providers);
    let erased = false;
    let running: Promise<void> | undefined;
    await here.worker.transaction.runFor([tenantId], async () => {
      await here.store.execute(lifeOf(tenantId, 'ela'));
      running = other
        .get(ErasePersons)
        .execute([erasureOf(tenantId, 'ela')])
        .then(() => void (erased = true));
      await sleep(300);
      expect(erased).toBe(false);
    });
    await running;
    expect(await traces(here, tenantId, 'ela')).toEqual({ events: 0, sessions: 0 });
  });

  it('loses no race against batches and days in the making, and leaves rollups that the raw events agree with', async () => {
    for (let round = 0; round < 4; round++) {
      const tenantId = aTenant();
      await here.store.execute(lifeOf(tenantId, 'ele'));
      const storing = Array.from({ length: 6 }, async (_, at) => {
        await sleep((at * round) % 7);
        await here.store.execute([...lifeOf(tenantId, 'ela'), ...lifeOf(tenantId, `n${at}`)]);
        await madeAgain(here);
      });
      const erasure = erasureOf(tenantId, 'ela');
      await Promise.all([...storing, sleep(round * 3).then(() => here.erase.execute([erasure]))]);
      await here.admin.query('update analytics.rebuild_day set due_at = now()');
      await madeAgain(here);
      expect(await traces(here, tenantId, 'ela')).toEqual({ events: 0, sessions: 0 });
      expect(await statusOf(here, erasure)).toMatchObject({ status: 'completed' });
      const { rows } = await here.admin.query<{ app_id: string; day: string }>(
        'select app_id, day::text as day from analytics.touched_day where tenant_id = $1',
        [tenantId],
      );
      const check = here.worker.get(RebuildDay);
      for (const { app_id: appId, day } of rows)
        expect(await check.execute({ tenantId, appId, day }, { write: false })).toEqual([]);
    }
  }, 60_000);

  it('is complete when the last day is made, and tells the audit log once, if somebody of the tenant asked', async () => {
    const tenantId = aTenant();
    await here.store.execute([...lifeOf(tenantId, 'ela'), ...lifeOf(tenantId, 'ele')]);
    const [asked, told, empty] = ['ela', 'ele', 'ninguém'].map((user) => erasureOf(tenantId, user));
    for (const { erasureId, erasedAt } of [asked!, empty!])
      await here.admin.query(
        'insert into analytics.erasure (tenant_id, id, requested_by, erased_at) values ($1, $2, $3, $4)',
        [tenantId, erasureId, newId(), erasedAt],
      );
    await here.erase.execute([empty!]);
    expect(await statusOf(here, empty!)).toMatchObject({ status: 'completed' });
    await here.erase.execute([asked!, told!]);
    expect(await statusOf(here, asked!)).toMatchObject({ status: 'running' });
    await madeAgain(here);
    await here.erase.execute([asked!, told!]);
    await madeAgain(here);
    const { rows } = await here.admin.query<{ messages: { payload: object }[] }>(
      'select messages from analytics.outbox where tenant_id = $1 order by id',
      [tenantId],
    );
    expect(rows.flatMap(({ messages }) => messages.map(({ payload }) => payload))).toMatchObject([
      { action: 'analytics.person_erased', target: empty!.erasureId, details: {} },
      { action: 'analytics.person_erased', target: asked!.erasureId, details: { events: '9' } },
    ]);
    expect(JSON.stringify(rows)).not.toContain('ela"');
  });

  it('has a day that cannot be made wait, and the others made', async () => {
    const tenantId = aTenant();
    await here.store.execute(lifeOf(tenantId, 'ela'));
    const erasure = erasureOf(tenantId, 'ela');
    await here.erase.execute([erasure]);
    await here.admin.query('update analytics.rebuild_day set due_at = now()');
    const days = here.worker.get(RebuildDay);
    const execute = days.execute.bind(days);
    let broken: string | undefined;
    const spy = jest.spyOn(days, 'execute').mockImplementation(async (day, options) => {
      broken ??= day.appId + day.day;
      if (day.appId + day.day === broken) throw new Error('the disk is full');
      return execute(day, options);
    });
    const failure = await here.rebuild.execute().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DaysNotRebuilt);
    expect((failure as DaysNotRebuilt).failures).toHaveLength(1);
    const { rows } = await here.admin.query<{ wait: boolean }>(
      `select due_at > now() + interval '30 s' as wait from analytics.rebuild_day where tenant_id = $1`,
      [tenantId],
    );
    expect(rows).toEqual([{ wait: true }]);
    expect(await statusOf(here, erasure)).toMatchObject({ status: 'running' });
    spy.mockRestore();
    await madeAgain(here);
    expect(await statusOf(here, erasure)).toMatchObject({ status: 'completed' });
  });

  it('makes a day again that was marked while it was being made, whoever made it', async () => {
    const tenantId = aTenant();
    await here.store.execute([...lifeOf(tenantId, 'ela'), ...lifeOf(tenantId, 'ele')]);
    await here.erase.execute([erasureOf(tenantId, 'ela')]);
    const days = here.worker.get(RebuildDay);
    const execute = days.execute.bind(days);
    let second: Promise<void> | undefined;
    const spy = jest.spyOn(days, 'execute').mockImplementation(async (day, options) => {
      const differences = await execute(day, options);
      // the rows of another person go after it has looked
      second ??= here.erase.execute([erasureOf(tenantId, 'ele')]);
      await second;
      return differences;
    });
    await here.admin.query('update analytics.rebuild_day set due_at = now()');
    await here.rebuild.execute();
    spy.mockRestore();
    const left = await here.admin.query('select from analytics.rebuild_day where tenant_id = $1', [tenantId]);
    expect(left.rowCount).toBeGreaterThan(0);
    await madeAgain(here);
    expect(await madeOf(here, tenantId)).toEqual({
      events: [],
      quarter_rollup: [],
      quarter_dimension: [],
      sessions: [],
    });
  });

  it('writes marks that say nothing to who has not the secret', async () => {
    const tenantId = aTenant();
    await here.erase.execute([erasureOf(tenantId, 'ela')]);
    const { rows } = await here.admin.query<{ person: Buffer }>(
      'select person from analytics.erased_person where tenant_id = $1',
      [tenantId],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.person.toString('latin1')).not.toContain('ela');
  });
});
