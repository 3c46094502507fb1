import fc from 'fast-check';
import { Client } from 'pg';
import { testDatabase, TestDatabase } from '@libs/testing';
import { aLoggedEvent, aTenant } from '../../test/logged-event.builder';
import { openSink, OpenSink } from '../../test/projections';
import { occurredAt } from '../domain/event-time';
import { eventsSchema } from '../events.schema';

const [FIRST, LAST] = [Date.parse('0001-01-01T00:00:00.000Z'), Date.parse('9999-12-31T23:59:59.999Z')];
const DAY_MS = 86_400_000;

let database: TestDatabase;
let admin: Client;
let sink: OpenSink;

beforeAll(async () => {
  database = await testDatabase([eventsSchema]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  sink = await openSink(database);
});
afterAll(async () => {
  await sink?.close();
  await admin?.end();
  await database?.drop();
});

const anyTime = fc.oneof(
  fc.date({ min: new Date(FIRST), max: new Date(LAST), noInvalidDate: true }).map((date) => date.getTime()),
  fc.constantFrom(
    FIRST,
    LAST,
    Date.parse('3500-01-01T00:00:00.000Z'),
    Date.parse('0999-12-31T23:59:59.999Z'),
  ),
  fc.integer({ min: -40, max: 40 }).map((days) => Date.now() + days * DAY_MS),
);

async function countOf(table: string, tenantId: string): Promise<number> {
  const { rows } = await admin.query<{ n: number }>(
    `select count(*)::int as n from events.${table} where tenant_id = $1`,
    [tenantId],
  );
  return rows[0]?.n ?? 0;
}

describe('whatever a client says of its clock', () => {
  it('its event is stored beside everybody else’s, and so is what is made of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyTime, { minLength: 1, maxLength: 20 }), async (told) => {
        const [tenantId, other] = [aTenant(), aTenant()];
        const now = Date.now();
        const paid = (sentAt: number) =>
          aLoggedEvent({
            tenantId,
            eventType: 'payment_completed',
            timestamp: new Date(now).toISOString(),
            occurredAt: new Date(occurredAt(now, now, sentAt)).toISOString(),
            properties: { amount: '10.00', category_id: 'food' },
          });
        const outcome = await sink.store.execute([...told.map(paid), aLoggedEvent({ tenantId: other })]);
        expect(outcome).toMatchObject({ stored: told.length + 1, refused: [] });
        await sink.findInsights();
        expect(await countOf('transactions', tenantId)).toBe(told.length);
        expect(await countOf('insight_due', tenantId)).toBe(0);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('nothing in the log harms the sink that was taken for a time once: not even the year 553', async () => {
    const tenantId = aTenant();
    const events = ['0553-04-01T00:00:00.000Z', '0001-06-01T00:00:00.000Z', '0999-12-31T23:59:59.999Z'].map(
      (happened) =>
        aLoggedEvent({
          tenantId,
          occurredAt: happened,
          eventType: 'payment_completed',
          properties: { amount: '10.00' },
        }),
    );
    expect(await sink.store.execute(events)).toMatchObject({ stored: 3 });
    await sink.findInsights();
    expect(await countOf('insight_due', tenantId)).toBe(0);
  });
});
