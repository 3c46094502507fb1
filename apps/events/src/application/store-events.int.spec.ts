import fc from 'fast-check';
import { Client } from 'pg';
import { Erasures, TenantId } from '@libs/kernel';
import { testDatabase, TestDatabase } from '@libs/testing';
import { openEvents } from '../../test/events-database';
import { aLoggedEvent, aTenant } from '../../test/logged-event.builder';
import { NobodyErased } from '../../test/nobody-erased';
import { LoggedEvent } from '../domain/tracked-event';
import { eventsSchema } from '../events.schema';
import { storing } from '../storing.wiring';
import { EventProjections } from './event-projections';
import { StoreEvents } from './store-events';

let database: TestDatabase;
let admin: Client;
const sinks: { store: StoreEvents; close(): Promise<void> }[] = [];

async function sink() {
  const opened = await openEvents(database, 'events_worker', [
    ...storing.providers,
    { provide: Erasures, useValue: new NobodyErased() },
    { provide: EventProjections, useValue: new EventProjections([]) },
  ]);
  const made = { store: opened.get(StoreEvents), close: opened.close };
  sinks.push(made);
  return made.store;
}

beforeAll(async () => {
  database = await testDatabase([eventsSchema]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  for (const { close } of sinks) await close();
  await admin?.end();
  await database?.drop();
});

async function stored(tenantId: TenantId) {
  const { rows } = await admin.query(
    `select e.event_id as id, t.amount::int as cents from events.user_events e
     left join events.transactions t using (tenant_id, event_id, "timestamp") where e.tenant_id = $1 order by 1, 2`,
    [tenantId],
  );
  return rows as { id: string; cents: number | null }[];
}

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

describe('storing events', () => {
  it('keeps a critical event whole, and the transaction it tells of', async () => {
    const store = await sink();
    const event = aLoggedEvent({ tenantId: aTenant() });
    expect(await store.execute([event])).toEqual({ stored: 1, duplicates: 0, erased: 0, refused: [] });
    const { rows } = await admin.query('select * from events.user_events where tenant_id = $1', [
      event.tenantId,
    ]);
    expect(rows).toMatchObject([
      {
        event_id: event.eventId,
        event_type: 'transfer_completed',
        user_id: event.userId,
        properties: event.properties,
        context: event.context,
        device: event.device,
        seq: '42',
        country: 'BR',
      },
    ]);
    const transactions = await admin.query(
      'select type, amount::text, currency, description, category_id, user_id from events.transactions where tenant_id = $1',
      [event.tenantId],
    );
    expect(transactions.rows).toEqual([
      {
        type: 'expense',
        amount: '15050',
        currency: 'BRL',
        description: 'Transferência PIX',
        category_id: 'transfers',
        user_id: event.userId,
      },
    ]);
  });

  it('takes the same id at another time, or of another tenant, as another event', async () => {
    const store = await sink();
    const event = aLoggedEvent({ tenantId: aTenant() });
    const later = { ...event, timestamp: daysAgo(1) };
    const theirs = { ...event, tenantId: aTenant() };
    expect(await store.execute([event, later, theirs])).toMatchObject({ stored: 3, duplicates: 0 });
    expect(await stored(event.tenantId)).toHaveLength(2);
    expect(await stored(theirs.tenantId)).toHaveLength(1);
  });

  it('comes to the same in any order, batching and repetition, with two sinks at once', async () => {
    const [one, two] = [await sink(), await sink()];
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ cents: fc.integer({ min: 1, max: 99_999 }), age: fc.integer({ min: 0, max: 70 }) }),
          {
            minLength: 1,
            maxLength: 30,
          },
        ),
        fc.array(fc.nat(), { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        async (told, picks, size) => {
          const tenants = [aTenant(), aTenant()] as const;
          const events = told.map(({ cents, age }, index) =>
            aLoggedEvent({
              tenantId: tenants[index % 2 === 0 ? 0 : 1],
              timestamp: daysAgo(age),
              properties: { amount: `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}` },
            }),
          );
          const deliveries = [...picks.map((pick) => events[pick % events.length] as LoggedEvent), ...events];
          const batches: LoggedEvent[][] = [];
          for (let start = 0; start < deliveries.length; start += size)
            batches.push(deliveries.slice(start, start + size));
          const outcomes = await Promise.all(
            batches.flatMap((batch, index) => [
              (index % 2 ? one : two).execute(batch),
              ...(index % 3 === 0 ? [one.execute([...batch].reverse())] : []),
            ]),
          );
          expect(outcomes.reduce((sum, { stored: count }) => sum + count, 0)).toBe(events.length);
          for (const tenant of tenants) {
            const expected = events
              .map((event, index) => ({ event, cents: told[index]?.cents }))
              .filter(({ event }) => event.tenantId === tenant)
              .map(({ event, cents }) => ({ id: event.eventId, cents }))
              .sort((a, b) => (a.id < b.id ? -1 : 1));
            expect(await stored(tenant)).toEqual(expected);
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});
