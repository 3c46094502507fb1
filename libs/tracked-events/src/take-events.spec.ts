import { TrackedEventsV1 } from '@libs/contracts';
import { Batch, DeadLetter, Poison } from '@libs/messaging';
import { aReceivedEvent, aTenant } from '@libs/testing';
import { ReceivedEvent } from './read-tracked-events';
import { RefusedEvents } from './refused-events';
import { StoringMetrics } from './storing-metrics';
import { TakeEvents } from './take-events';

const metrics = new StoringMetrics({
  stored: 'lanes_stored_total',
  storedHelp: 'For this spec.',
  duplicates: 'lanes_duplicates_total',
  erased: 'lanes_erased_total',
  refused: 'lanes_refused_total',
  batchSize: 'lanes_batch_size',
});

/** The parts in which events are stored, each a transaction. */
async function partsOf(events: readonly ReceivedEvent[]): Promise<ReceivedEvent[][]> {
  const parts: ReceivedEvent[][] = [];
  const take = new TakeEvents(
    { tell: () => Promise.resolve() } as unknown as RefusedEvents,
    { setAside: () => Promise.resolve() } as unknown as Poison,
    metrics,
  );
  const messages = events.map(({ tenantId, ...event }) => ({
    text: '',
    envelope: { tenantId, payload: { events: [event] } },
  }));
  await take.take({ source: 'events', messages } as unknown as Batch<TrackedEventsV1>, {
    wants: () => true,
    execute: (part) => {
      parts.push([...part]);
      return Promise.resolve({ stored: part.length, duplicates: 0, erased: 0, refused: [] });
    },
  });
  return parts;
}

const many = (count: number, of: Partial<ReceivedEvent>) =>
  Array.from({ length: count }, () => aReceivedEvent(of));
const sizesOf = (parts: readonly unknown[][]) => parts.map(({ length }) => length);
/** Two batches of a log, one after the other: those of the first one come again in between. */
const mixed = <T>(some: readonly T[], more: readonly T[]) =>
  some.flatMap((one, i) => (more[i] === undefined ? [one] : [one, more[i]]));

describe('events in lanes', () => {
  it('are stored in parts of which none has an event of another one', async () => {
    const tenantId = aTenant();
    const events = many(2_000, { tenantId });
    const parts = await partsOf([...mixed(events, events.slice(1_000)), ...events.slice(0, 500)]);
    expect(sizesOf(parts).length).toBeGreaterThan(1);
    const homes = new Map<string, number>();
    for (const [part, of] of parts.entries())
      for (const { eventId } of of) {
        expect(homes.get(eventId) ?? part).toBe(part);
        homes.set(eventId, part);
      }
    expect(homes.size).toBe(2_000);
    expect(sizesOf(parts).reduce((sum, n) => sum + n)).toBe(3_500);
  });

  it('are parted between applications where one ends nearby', async () => {
    const [one, other] = [aTenant(), aTenant()].sort();
    const parts = await partsOf(mixed(many(1_100, { tenantId: one }), many(900, { tenantId: other })));
    expect(sizesOf(parts)).toEqual([1_100, 900]);
    for (const part of parts) expect(new Set(part.map(({ tenantId }) => tenantId)).size).toBe(1);
  });

  it('are parted all the same where one application has nearly all of them', async () => {
    const [one, other] = [aTenant(), aTenant()].sort();
    expect(
      sizesOf(await partsOf([...many(1_900, { tenantId: one }), ...many(100, { tenantId: other })])),
    ).toEqual([1_000, 1_000]);
  });

  it('are parted by time where they are of one application', async () => {
    const tenantId = aTenant();
    const events = Array.from({ length: 2_000 }, (_, n) =>
      aReceivedEvent({
        tenantId,
        timestamp: new Date(Date.UTC(2026, 10, 1, 0, (n * 7) % 2_000)).toISOString(),
      }),
    );
    const times = (await partsOf(events)).map((part) => part.map(({ timestamp }) => timestamp).sort());
    expect(sizesOf(times)).toEqual([1_000, 1_000]);
    expect(times[0]!.at(-1)! < times[1]![0]!).toBe(true);
  });

  it('end in one part where the last ones would be few', async () => {
    expect(sizesOf(await partsOf(many(550, {})))).toEqual([550]);
    expect(sizesOf(await partsOf(many(5_100, {})))).toEqual([2_500, 2_600]);
  });

  it('stay together though one key comes very often', async () => {
    const one = aReceivedEvent();
    const parts = await partsOf(Array.from({ length: 1_500 }, () => ({ ...one })));
    expect(sizesOf(parts)).toEqual([1_500]);
  });
});

describe('a message with something that cannot be told of as an event', () => {
  it.each([
    ['no event', null],
    ['an event of no type', { ...aReceivedEvent(), eventType: 7 }],
    ['an event without its context', { ...aReceivedEvent(), context: undefined }],
  ])('is set aside for %s, and its other events are stored', async (_what, wrong) => {
    const { tenantId, ...good } = aReceivedEvent();
    const stored: string[] = [];
    const aside: DeadLetter[] = [];
    const take = new TakeEvents(
      new RefusedEvents({ publish: () => Promise.resolve() }, { now: () => new Date() }),
      {
        setAside: async (_: string, letters: DeadLetter[]) => void aside.push(...letters),
      } as unknown as Poison,
      metrics,
    );
    const messages = [{ text: 'as it came', envelope: { tenantId, payload: { events: [wrong, good] } } }];
    await take.take({ source: 'events', messages } as unknown as Batch<TrackedEventsV1>, {
      wants: () => true,
      execute: async (part) => {
        stored.push(...part.map(({ eventId }) => eventId));
        return { stored: part.length, duplicates: 0, erased: 0, refused: [] };
      },
    });
    expect(stored).toEqual([good.eventId]);
    expect(aside).toMatchObject([{ text: 'as it came', key: tenantId, reason: 'malformed_events' }]);
  });
});
