import fc from 'fast-check';
import { Client } from 'pg';
import { TenantId } from '@libs/kernel';
import { testDatabase, TestDatabase } from '@libs/testing';
import { aLoggedEvent, aTenant } from '../../../test/logged-event.builder';
import { openSink, OpenSink } from '../../../test/projections';
import { LoggedEvent } from '../../domain/tracked-event';
import { eventsSchema } from '../../events.schema';

const WEEK_MS = 7 * 86_400_000;

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

/** A payment of so many weeks ago. */
function paid(tenantId: TenantId, weeksAgo: number, cents: number, changes: Partial<LoggedEvent> = {}) {
  const amount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
  return aLoggedEvent({
    tenantId,
    eventType: 'payment_completed',
    timestamp: new Date(Date.now() - weeksAgo * WEEK_MS).toISOString(),
    properties: { amount, category_id: 'food', category: 'alimentação' },
    ...changes,
  });
}

async function insights(tenantId: TenantId) {
  const { rows } = await admin.query<{
    week: string;
    amount: string;
    confidence: number;
    description: string;
  }>(
    `select week::text, category_id, amount::text, usual_amount::text, weeks_known, confidence, title, description
     from events.ai_insights where tenant_id = $1 order by week, category_id`,
    [tenantId],
  );
  return rows;
}

async function notifications(tenantId: TenantId) {
  const { rows } = await admin.query<{ type: string; message: string; user_id: string }>(
    'select type, message, user_id from events.notifications where tenant_id = $1 order by type',
    [tenantId],
  );
  return rows;
}

describe('notifications', () => {
  it('are made once of each event, however often and by whomever it is stored', async () => {
    const tenantId = aTenant();
    const told = (eventType: string) => aLoggedEvent({ tenantId, eventType, properties: {} });
    const events = [
      told('budget_exceeded'),
      told('goal_completed'),
      told('cashback_earned'),
      told('achievement_unlocked'),
    ];
    await Promise.all(
      [one, two, one, two].map(({ store }, at) => store.execute(at % 2 ? events : [...events].reverse())),
    );
    expect((await notifications(tenantId)).map(({ type }) => type)).toEqual([
      'achievement',
      'budget_alert',
      'cashback',
      'goal_completed',
    ]);
  });

  it('are for somebody: an event without a user makes none', async () => {
    const tenantId = aTenant();
    await one.store.execute([
      aLoggedEvent({ tenantId, eventType: 'goal_completed', userId: undefined, properties: {} }),
    ]);
    expect(await notifications(tenantId)).toEqual([]);
  });
});

describe('insights', () => {
  const habit = (tenantId: TenantId) =>
    [9, 8, 7, 6, 5, 4, 3, 2, 1].map((weeksAgo) => paid(tenantId, weeksAgo, 30_000 + weeksAgo * 100));

  it('tell of a week far above the person’s own habit, with its numbers', async () => {
    const tenantId = aTenant();
    await one.store.execute([...habit(tenantId), paid(tenantId, 0, 100_000)]);
    await one.findInsights();
    expect(await insights(tenantId)).toMatchObject([
      {
        category_id: 'food',
        amount: '100000',
        usual_amount: '30500',
        weeks_known: 9,
        title: 'Gastos elevados em alimentação',
        description: expect.stringContaining('R$ 1.000,00'),
      },
    ]);
  });

  it('are taken back when an event comes late and shows that the week was as usual', async () => {
    const tenantId = aTenant();
    await one.store.execute([...habit(tenantId), paid(tenantId, 0, 100_000)]);
    await one.findInsights();
    const late = [9, 7, 5, 3, 1].map((weeksAgo) => paid(tenantId, weeksAgo, 80_000));
    await one.store.execute(late);
    await one.findInsights();
    expect(await insights(tenantId)).toEqual([]);
  });

  it('mind neither income, nor other persons, categories and currencies', async () => {
    const tenantId = aTenant();
    const apart: Partial<LoggedEvent>[] = [
      { userId: 'somebody else' },
      { properties: { amount: '1000.00', category_id: 'rent' } },
      { properties: { amount: '1000.00', category_id: 'food', currency: 'USD' } },
      {
        eventType: 'transfer_completed',
        properties: { amount: '1000.00', category_id: 'food', direction: 'in' },
      },
    ];
    await one.store.execute([
      ...habit(tenantId),
      ...apart.map((changes) => paid(tenantId, 0, 100_000, changes)),
    ]);
    await one.findInsights();
    expect(await insights(tenantId)).toEqual([]);
  });

  it('survive sums beyond every amount', async () => {
    const tenantId = aTenant();
    const huge = Array.from({ length: 3 }, () => paid(tenantId, 0, 10 ** 15));
    await one.store.execute([...habit(tenantId), ...huge]);
    await one.findInsights();
    expect(await insights(tenantId)).toMatchObject([{ amount: String(10 ** 15) }]);
  });

  it('are found of every week that a batch changes, however far apart', async () => {
    const days = Array.from({ length: 30 }, (_, at) => 203 - at * 7);
    const events = (tenantId: TenantId) =>
      days.map((daysAgo) => paid(tenantId, daysAgo / 7, daysAgo === 0 ? 9_000_000 : 1_000));
    const [atOnce, oneByOne] = [aTenant(), aTenant()];
    await one.store.execute(events(atOnce));
    await one.findInsights();
    for (const event of events(oneByOne)) {
      await one.store.execute([event]);
      await one.findInsights();
    }
    expect(await insights(oneByOne)).toMatchObject([{ amount: '9000000', usual_amount: '1000' }]);
    expect(await insights(atOnce)).toEqual(await insights(oneByOne));
  });

  it('come out the same whatever order, batches and repeats the events come in, with two sinks that look at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        // many close together, and some as far as more than a year apart
        fc.nat(60).chain((apart) =>
          fc.array(
            fc.record({
              weeksAgo: fc.oneof(
                fc.nat(10),
                fc.nat(10).map((week) => week + apart),
              ),
              cents: fc.integer({ min: 1_000, max: 60_000 }),
            }),
            { minLength: 8, maxLength: 40 },
          ),
        ),
        fc.integer({ min: 1, max: 9 }),
        fc.infiniteStream(fc.nat()),
        async (told, size, dice) => {
          const [inOrder, inPieces] = [aTenant(), aTenant()];
          const events = told.map(({ weeksAgo, cents }) => paid(inOrder, weeksAgo, cents));
          for (const event of events.toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : 1)))
            await one.store.execute([event]).then(() => one.findInsights());
          const deliveries = [...events, ...events]
            .map((event) => ({ event: { ...event, tenantId: inPieces }, place: dice.next().value as number }))
            .sort((a, b) => a.place - b.place)
            .map(({ event }) => event);
          const works: Promise<unknown>[] = [];
          for (let at = 0; at < deliveries.length; at += size) {
            const { store, findInsights } = works.length % 2 ? one : two;
            works.push(store.execute(deliveries.slice(at, at + size)).then(() => findInsights()));
          }
          await Promise.all(works);
          await one.findInsights();
          expect(await insights(inPieces)).toEqual(await insights(inOrder));
          const { rows } = await admin.query('select from events.insight_due where tenant_id = any ($1)', [
            [inOrder, inPieces],
          ]);
          expect(rows).toHaveLength(0);
        },
      ),
      { numRuns: 25 },
    );
  }, 120_000);
});
