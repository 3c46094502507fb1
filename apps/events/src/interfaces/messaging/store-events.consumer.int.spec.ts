import { Client } from 'pg';
import { Envelope, RejectedEventsV1, TrackedEventsV1, topics } from '@libs/contracts';
import { Erasures, newId, TenantId } from '@libs/kernel';
import { Batch, Received } from '@libs/messaging';
import { testDatabase, TestDatabase } from '@libs/testing';
import { openEvents } from '../../../test/events-database';
import { aLoggedEvent, aTenant } from '../../../test/logged-event.builder';
import { NobodyErased } from '../../../test/nobody-erased';
import { EventProjection } from '../../application/event-projection';
import { EventProjections } from '../../application/event-projections';
import { LoggedEvent } from '../../domain/tracked-event';
import { eventsSchema } from '../../events.schema';
import { storing } from '../../storing.wiring';
import { StoreOnEvents } from './store-events.consumer';

const GONE = 'erased-user';

/** Remembers what it was given, and fails as it is told to. */
class Watching extends EventProjection {
  readonly seen: LoggedEvent[] = [];
  failure?: Error;
  /** Which event a defect strikes. */
  chokesOn?: string;

  wants(eventType: string): boolean {
    return eventType === 'budget_exceeded' || eventType === 'transfer_completed';
  }

  async apply(events: readonly LoggedEvent[]): Promise<void> {
    if (this.failure) throw this.failure;
    if (events.some(({ deviceId }) => deviceId !== undefined && deviceId === this.chokesOn))
      throw new RangeError('Invalid time value');
    this.seen.push(...events);
  }
}

let database: TestDatabase;
let admin: Client;
let sink: Awaited<ReturnType<typeof openEvents>>;
let consumer: StoreOnEvents;
const projection = new Watching();

beforeAll(async () => {
  database = await testDatabase([eventsSchema]);
  admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  sink = await openEvents(database, 'events_worker', [
    ...storing.providers,
    StoreOnEvents,
    { provide: Erasures, useValue: new NobodyErased(GONE) },
    { provide: EventProjections, useValue: new EventProjections([projection]) },
  ]);
  consumer = sink.get(StoreOnEvents);
});
beforeEach(() => {
  sink.publisher.sent.length = 0;
  projection.seen.length = 0;
  projection.failure = undefined;
  projection.chokesOn = undefined;
});
afterAll(async () => {
  await sink?.close();
  await admin?.end();
  await database?.drop();
});

function message(tenantId: string, payload: unknown): Received<TrackedEventsV1> {
  const envelope = {
    id: newId(),
    type: topics.events,
    version: 1,
    tenantId,
    occurredAt: new Date().toISOString(),
    requestId: 'r-1',
    payload,
  } as Envelope<TrackedEventsV1>;
  const text = JSON.stringify(envelope);
  return { envelope: JSON.parse(text) as Envelope<TrackedEventsV1>, text, receives: 1 };
}

function told(tenantId: TenantId, ...events: Partial<LoggedEvent>[]): Received<TrackedEventsV1> {
  return message(tenantId, {
    events: events.map((changes) => ({ ...aLoggedEvent({ ...changes }), tenantId: undefined })),
  });
}

const handle = (...messages: Received<TrackedEventsV1>[]) =>
  consumer.handle(new Batch(topics.events, messages));

async function stored(tenantId: TenantId): Promise<string[]> {
  const { rows } = await admin.query<{ event_id: string }>(
    'select event_id from events.user_events where tenant_id = $1 order by 1',
    [tenantId],
  );
  return rows.map((row) => row.event_id);
}

function rejections() {
  return sink.publisher.sent
    .filter(({ topic }) => topic === topics.eventsErrors)
    .flatMap(({ value }) => {
      const { tenantId, payload } = JSON.parse(value) as Envelope<RejectedEventsV1>;
      return payload.rejections.map((rejection) => ({ tenantId, ...rejection }));
    });
}

const daysFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const lettersOf = async (tenantId: string | null) =>
  (
    await admin.query(
      'select reason, source, payload from events.dead_letter where tenant_id is not distinct from $1 order by created_at',
      [tenantId],
    )
  ).rows;

describe('StoreOnEvents', () => {
  it('stores what is critical, projects what is wanted, and leaves the rest alone', async () => {
    const tenant = aTenant();
    const budget = { eventType: 'budget_exceeded' };
    await handle(told(tenant, {}, budget, { eventType: 'heartbeat' }, { eventType: 'payment_completed' }));
    expect(await stored(tenant)).toHaveLength(2);
    expect(projection.seen.map(({ eventType }) => eventType).sort()).toEqual([
      'budget_exceeded',
      'transfer_completed',
    ]);
    expect(sink.publisher.sent).toEqual([]);
  });

  it('opens no transaction for events that nothing is made of', async () => {
    const opened = jest.spyOn(sink.transaction, 'runFor');
    await handle(told(aTenant(), { eventType: 'heartbeat' }, { eventType: 'page_view' }));
    expect(opened).not.toHaveBeenCalled();
    opened.mockRestore();
  });

  it('commits the events and what is made of them together, or neither', async () => {
    const tenant = aTenant();
    const transfer = told(tenant, {});
    projection.failure = Object.assign(new Error('a deadlock'), { code: '40P01' });
    await expect(handle(transfer)).rejects.toThrow('not available');
    expect(await stored(tenant)).toEqual([]);
    projection.failure = undefined;
    await handle(transfer);
    expect(await stored(tenant)).toHaveLength(1);
  });

  it('finds what the database refuses by halving, tells why, and keeps the others', async () => {
    const tenant = aTenant();
    const bad = [{ country: 'BRA' }, { deviceId: 'd'.repeat(300) }];
    await handle(told(tenant, {}, bad[0] ?? {}, {}), told(tenant, {}, {}, bad[1] ?? {}));
    expect(await stored(tenant)).toHaveLength(4);
    expect(rejections()).toMatchObject(
      [1, 2].map(() => ({ tenantId: tenant, code: 'invalid_data', stage: 'sink', source: 'sdk' })),
    );
    expect(await lettersOf(tenant)).toEqual([]);
  });

  it('refuses the event that a defect strikes, keeps everybody else’s, and moves on', async () => {
    const [tenant, other] = [aTenant(), aTenant()];
    projection.chokesOn = 'striking';
    const others = Array.from({ length: 99 }, () => ({}));
    await handle(told(tenant, {}, { deviceId: 'striking' }), told(other, ...others));
    expect(await stored(tenant)).toHaveLength(1);
    expect(await stored(other)).toHaveLength(99);
    expect(projection.seen).toHaveLength(100);
    expect(rejections()).toMatchObject([{ tenantId: tenant, code: 'invalid_data', stage: 'sink' }]);
    expect(await lettersOf(tenant)).toEqual([]);
  });

  it('stores a NUL and half a surrogate pair as what can be stored', async () => {
    const tenant = aTenant();
    await handle(told(tenant, { properties: { amount: '1.00', note: 'a\0b\ud800' }, deviceId: 'x\0' }));
    const { rows } = await admin.query(
      'select properties, device_id from events.user_events where tenant_id = $1',
      [tenant],
    );
    expect(rows).toEqual([{ properties: { amount: '1.00', note: 'a\uFFFDb\uFFFD' }, device_id: 'x\uFFFD' }]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['an id that is no UUID', { eventId: 'nothing' }],
    ['a time of no calendar', { timestamp: '2026-02-30T00:00:00.000Z' }],
    ['a time in another form', { timestamp: '2026-02-03' }],
    ['no properties', { properties: null }],
    ['a sequence that is no number', { seq: '1' }],
    ['a user that is an object', { userId: { $ne: '' } }],
    ['a source nobody has', { source: 'null' }],
    ['an application that is no UUID', { appId: '{}' }],
    ['an array literal for a type', { country: '{"x' }],
  ])('tells of an event with %s and keeps the others', async (_, changes) => {
    const tenant = aTenant();
    await handle(told(tenant, {}, changes, {}));
    expect(await stored(tenant)).toHaveLength(2);
    expect(rejections()).toMatchObject([{ tenantId: tenant, code: 'invalid_data' }]);
  });

  it('tells of what is older than retention, or of a future that cannot be', async () => {
    const tenant = aTenant();
    const old = { timestamp: daysFromNow(-62 * 31) };
    const oldAndShort = { timestamp: daysFromNow(-15 * 31), eventType: 'budget_exceeded' };
    const future = { timestamp: daysFromNow(40) };
    await handle(told(tenant, old, oldAndShort, {}, future, { timestamp: daysFromNow(-15 * 31) }));
    expect(await stored(tenant)).toHaveLength(2);
    expect(
      rejections()
        .map(({ code }) => code)
        .sort(),
    ).toEqual(['timestamp_in_future', 'too_old', 'too_old']);
    expect(projection.seen).toHaveLength(2);
  });

  it('tells the same rejection of a message that comes again, in a form that can be sent again', async () => {
    const tenant = aTenant();
    const message = told(tenant, { timestamp: daysFromNow(-62 * 31) });
    await handle(message);
    await handle({ ...message, envelope: JSON.parse(message.text) as Envelope<TrackedEventsV1> });
    const [first, second] = rejections();
    expect(first?.rejectionId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(second?.rejectionId).toBe(first?.rejectionId);
    expect(JSON.parse(first?.event ?? '')).toMatchObject({
      event_id: first?.eventId,
      event_type: 'transfer_completed',
      user: { user_id: expect.any(String), device_id: expect.any(String) },
      session: { seq: 42 },
      properties: { amount: '150.50' },
    });
  });

  it('sets a message aside that tells of no events or of no tenant; the others go on', async () => {
    const tenant = aTenant();
    const poison = [
      message(tenant, {}),
      message(tenant, { events: 'all' }),
      message('nobody', { events: [] }),
    ];
    const half = message(tenant, { events: [null, { ...aLoggedEvent(), tenantId: undefined }] });
    await handle(poison[0] as never, told(tenant, {}), poison[1] as never, poison[2] as never, half);
    expect(await stored(tenant)).toHaveLength(2);
    expect(await lettersOf(tenant)).toMatchObject(
      [poison[0], poison[1], half].map((one) => ({
        reason: 'malformed_events',
        source: 'events',
        payload: one?.text,
      })),
    );
    expect(await lettersOf(null)).toMatchObject([{ reason: 'malformed_events' }]);
    expect(sink.publisher.sent.map(({ topic }) => topic)).toEqual(Array(4).fill('events.dlq'));
  });

  it('does not believe a tenant that an event names itself', async () => {
    const [tenant, other] = [aTenant(), aTenant()];
    await handle(message(tenant, { events: [aLoggedEvent({ tenantId: other })] }));
    expect(await stored(tenant)).toHaveLength(1);
    expect(await stored(other)).toEqual([]);
  });

  it('keeps out whom an erasure names', async () => {
    const tenant = aTenant();
    await handle(told(tenant, { userId: GONE }, {}));
    expect(await stored(tenant)).toHaveLength(1);
    expect(projection.seen).toHaveLength(1);
    expect(rejections()).toEqual([]);
  });

  it('takes many events of many tenants at once, each once', async () => {
    const tenants = Array.from({ length: 7 }, aTenant);
    const messages = Array.from({ length: 70 }, (_, index) =>
      told(tenants[index % 7] as TenantId, ...Array.from({ length: 100 }, () => ({}))),
    );
    await Promise.all([handle(...messages, ...messages.slice(0, 20)), handle(...[...messages].reverse())]);
    for (const tenant of tenants) expect(await stored(tenant)).toHaveLength(1_000);
  });

  it('hands back an error that would strike any event, without telling of any', async () => {
    projection.failure = Object.assign(new Error('gone'), { code: '57P01' });
    await expect(handle(told(aTenant(), {}, {}))).rejects.toThrow('not available');
    expect(sink.publisher.sent).toEqual([]);
  });
});
