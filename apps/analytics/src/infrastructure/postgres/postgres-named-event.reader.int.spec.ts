import { newId, TenantId } from '@libs/kernel';
import { ReceivedEvent } from '@libs/tracked-events';
import { Analytics, AnalyticsDatabase } from '../../../test/analytics-database';
import { aTenant, aTrackedEvent } from '../../../test/tracked-event.builder';
import { StoreEvents } from '../../application/store-events';
import { NamedEventReader } from '../../application/webhooks/named-event.reader';
import { PostgresNamedEventReader } from './postgres-named-event.reader';

let database: AnalyticsDatabase;
let worker: Analytics;

beforeAll(async () => {
  database = await AnalyticsDatabase.create();
  worker = await database.worker({ provide: NamedEventReader, useClass: PostgresNamedEventReader });
});
afterAll(() => database?.close());

const keyOf = ({ eventId, timestamp }: ReceivedEvent) => [eventId, timestamp] as const;
const read = async (tenantId: TenantId, appId: string, events: readonly ReceivedEvent[]) => {
  const reader = worker.get(NamedEventReader);
  const found = await worker.as(tenantId, () => reader.read(tenantId, appId, events.map(keyOf)));
  return found.map(({ eventId }) => eventId);
};

describe('events by their names', () => {
  it('are read in the order in which they happened, those that are still there, months apart or not', async () => {
    const tenantId = aTenant();
    const day = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString();
    const events = [0, 20, 3, 11].map((daysAgo) => aTrackedEvent({ tenantId, timestamp: day(daysAgo) }));
    const [gone, ...kept] = events;
    await worker.get(StoreEvents).execute(kept);
    const { appId } = aTrackedEvent();
    const inTime = [...kept].sort((a, b) => a.occurredAt.localeCompare(b.occurredAt));
    expect(await read(tenantId, appId, events)).toEqual(inTime.map(({ eventId }) => eventId));
    expect(await read(tenantId, appId, gone ? [gone] : [])).toEqual([]);
  });

  it('are those of the tenant, the application and the time that were named', async () => {
    const [tenantId, other] = [aTenant(), aTenant()];
    const event = aTrackedEvent({ tenantId });
    await worker.get(StoreEvents).execute([event]);
    expect(await read(tenantId, event.appId, [event])).toEqual([event.eventId]);
    expect(await read(other, event.appId, [event])).toEqual([]);
    expect(await read(tenantId, newId(), [event])).toEqual([]);
    const later = new Date(Date.parse(event.timestamp) + 1).toISOString();
    expect(await read(tenantId, event.appId, [{ ...event, timestamp: later }])).toEqual([]);
  });
});
