import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { newId, TenantId } from '@libs/kernel';
import { ErasePersons, Erasure } from '@libs/persons';
import { testDatabase, TestDatabase } from '@libs/testing';
import { aLoggedEvent, aTenant } from '../../../test/logged-event.builder';
import { openSink, OpenSink } from '../../../test/projections';
import { LoggedEvent } from '../../domain/tracked-event';
import { eventsSchema } from '../../events.schema';

const TABLES = ['user_events', 'transactions', 'notifications', 'ai_insights', 'insight_due'] as const;

let database: TestDatabase;
let admin: Client;
let one: OpenSink;
let two: OpenSink;

beforeAll(async () => {
  database = await testDatabase([eventsSchema]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  [one, two] = [await openSink(database), await openSink(database)];
});
afterAll(async () => {
  await one?.close();
  await two?.close();
  await admin?.end();
  await database?.drop();
});

const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

/** Enough of everything: payments with a habit and a week out of it, and something to be told of. */
function lifeOf(tenantId: TenantId, userId: string): LoggedEvent[] {
  const payment = (days: number, amount: string) =>
    aLoggedEvent({
      tenantId,
      userId,
      eventType: 'payment_completed',
      timestamp: ago(days),
      properties: { amount, category: 'lazer' },
    });
  return [
    ...[63, 56, 49, 42, 35, 28, 21, 14].map((days) => payment(days, '100.00')),
    payment(0, '900.00'),
    aLoggedEvent({ tenantId, userId, eventType: 'goal_completed', timestamp: ago(1), properties: {} }),
  ];
}

function erasureOf(tenantId: TenantId, userId: string, erasedAt = new Date()): Erasure {
  return { tenantId, erasureId: newId(), userId, erasedAt };
}

async function rowsOf(tenantId: TenantId, userId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of TABLES) {
    const { rows } = await admin.query<{ n: number }>(
      `select count(*)::int as n from events.${table} where tenant_id = $1 and user_id = $2`,
      [tenantId, userId],
    );
    counts[table] = rows[0]?.n ?? -1;
  }
  return counts;
}

const NOTHING = { user_events: 0, transactions: 0, notifications: 0, ai_insights: 0, insight_due: 0 };

describe('erasing a person', () => {
  it('leaves nothing of them, and everything of the others and of other tenants', async () => {
    const [tenantId, other] = [aTenant(), aTenant()];
    await one.store.execute([
      ...lifeOf(tenantId, 'ela'),
      ...lifeOf(tenantId, 'ele'),
      ...lifeOf(other, 'ela'),
    ]);
    await one.findInsights();
    const before = await rowsOf(tenantId, 'ele');
    expect(before).toEqual({
      user_events: 9,
      transactions: 9,
      notifications: 1,
      ai_insights: 1,
      insight_due: 0,
    });
    const erasure = erasureOf(tenantId, 'ela');
    await one.erase.execute([erasure]);
    expect(await rowsOf(tenantId, 'ela')).toEqual(NOTHING);
    expect(await rowsOf(tenantId, 'ele')).toEqual(before);
    expect(await rowsOf(other, 'ela')).toEqual(before);
    const { rows } = await admin.query('select * from events.erasure where id = $1', [erasure.erasureId]);
    expect(rows).toMatchObject([
      {
        status: 'completed',
        erased: { userEvents: 9, transactions: 9, notifications: 1, insights: 1 },
      },
    ]);
    expect(JSON.stringify(rows)).not.toContain('ela"');
  });

  it('keeps out what comes late or again, and lets in what the person does later', async () => {
    const tenantId = aTenant();
    const events = lifeOf(tenantId, 'ela');
    await one.store.execute(events);
    await one.erase.execute([erasureOf(tenantId, 'ela', new Date(ago(0.5)))]);
    const old = events.filter(({ occurredAt }) => occurredAt < ago(0.5));
    expect(await two.store.execute(old)).toMatchObject({ stored: 0, erased: old.length });
    expect(await rowsOf(tenantId, 'ela')).toEqual({
      ...NOTHING,
      user_events: 1,
      transactions: 1,
    });
    const news = aLoggedEvent({ tenantId, userId: 'ela' });
    const anonymous = aLoggedEvent({ tenantId, userId: undefined, timestamp: ago(3) });
    expect(await two.store.execute([news, anonymous])).toMatchObject({ stored: 2, erased: 0 });
  });

  it('loses no race against batches that were open when it began', async () => {
    for (let round = 0; round < 8; round++) {
      const tenantId = aTenant();
      const batches = Array.from({ length: 6 }, () => lifeOf(tenantId, 'ela'));
      const erasure = erasureOf(tenantId, 'ela');
      const storing = batches.map(async (batch, at) => {
        await sleep((at * round) % 7);
        const { store, findInsights } = at % 2 ? one : two;
        // what they did happened before
        await store.execute(batch.map((event) => ({ ...event, occurredAt: ago(2) })));
        await findInsights();
      });
      await Promise.all([...storing, sleep(round).then(() => one.erase.execute([erasure]))]);
      await one.findInsights();
      expect(await rowsOf(tenantId, 'ela')).toEqual(NOTHING);
    }
  }, 60_000);

  it('waits for a batch that looked before the mark was there, and takes what it wrote', async () => {
    const tenantId = aTenant();
    const event = aLoggedEvent({ tenantId, userId: 'ela', timestamp: ago(1) });
    let erased = false;
    let erasing: Promise<void> | undefined;
    await two.transaction.runFor([tenantId], async () => {
      expect(await two.store.execute([event])).toMatchObject({ stored: 1 });
      erasing = one.erase.execute([erasureOf(tenantId, 'ela')]).then(() => void (erased = true));
      await sleep(300);
      expect(erased).toBe(false);
    });
    await erasing;
    expect(await rowsOf(tenantId, 'ela')).toEqual(NOTHING);
  });

  it('gives way to the others when a batch stays open for long, and is done at the next try', async () => {
    const tenantId = aTenant();
    const erasure = erasureOf(tenantId, 'ela');
    await two.transaction.runFor([tenantId], async () => {
      await two.store.execute([aLoggedEvent({ tenantId, userId: 'ela', timestamp: ago(1) })]);
      await expect(one.erase.execute([erasure])).rejects.toMatchObject({ code: 'database_unavailable' });
    });
    await one.erase.execute([erasure]);
    expect(await rowsOf(tenantId, 'ela')).toEqual(NOTHING);
  });

  it('goes on where it broke off, and counts nothing twice', async () => {
    const tenantId = aTenant();
    await one.store.execute(lifeOf(tenantId, 'ela'));
    const erasure = erasureOf(tenantId, 'ela');
    const eraser = one.erase as unknown as { complete(erasure: Erasure): Promise<void> };
    const broken = Object.create(eraser, {
      complete: { value: () => Promise.reject(new Error('the power went')) },
    }) as ErasePersons;
    await expect(broken.execute([erasure])).rejects.toThrow('the power went');
    await one.erase.execute([erasure]);
    await two.erase.execute([erasure, erasure]);
    const { rows } = await admin.query('select status, erased from events.erasure where id = $1', [
      erasure.erasureId,
    ]);
    expect(rows).toMatchObject([
      { status: 'completed', erased: { userEvents: 9, transactions: 9, notifications: 1 } },
    ]);
  });

  it('tells the audit log once, and only of an erasure that somebody of the tenant asked for', async () => {
    const tenantId = aTenant();
    const [asked, told] = [erasureOf(tenantId, 'ela'), erasureOf(tenantId, 'ele')];
    await admin.query(
      'insert into events.erasure (tenant_id, id, requested_by, erased_at) values ($1, $2, $3, $4)',
      [tenantId, asked.erasureId, newId(), asked.erasedAt],
    );
    await one.erase.execute([asked, told]);
    await one.erase.execute([asked]);
    const { rows } = await admin.query<{ messages: { payload: object }[] }>(
      'select messages from events.outbox where tenant_id = $1',
      [tenantId],
    );
    expect(rows.flatMap(({ messages }) => messages.map(({ payload }) => payload))).toMatchObject([
      { action: 'events.person_erased', target: asked.erasureId, actorKind: 'person' },
    ]);
    expect(JSON.stringify(rows)).not.toContain('ela');
  });

  it('writes marks that say nothing to who has not the secret', async () => {
    const tenantId = aTenant();
    await one.erase.execute([erasureOf(tenantId, 'ela')]);
    const stranger = await openSink(database, 'another secret');
    const late = aLoggedEvent({ tenantId, userId: 'ela', timestamp: ago(1) });
    expect(await stranger.store.execute([late])).toMatchObject({ stored: 1 });
    expect(await one.store.execute([{ ...late, timestamp: ago(2), occurredAt: ago(2) }])).toMatchObject({
      erased: 1,
    });
    await stranger.close();
  });
});
