import fc from 'fast-check';
import { TenantId } from '@libs/kernel';
import { RolledEvent } from './rolled-event';
import { IDLE_MS, joinVisits, reachOf, Visit } from './visit';

const TENANT = '019a2b3c-0000-7000-8000-000000000001' as TenantId;
const APP = '019a2b3c-0000-7000-8000-00000000000a';
const START = Date.parse('2026-11-22T12:00:00.000Z');
const MINUTE = 60_000;

function anEvent(minutes: number, more: Partial<RolledEvent> = {}): RolledEvent {
  const occurredAt = new Date(START + Math.round(minutes * MINUTE)).toISOString();
  return {
    tenantId: TENANT,
    appId: APP,
    eventId: 'e',
    timestamp: occurredAt,
    eventType: 'page_view',
    occurredAt,
    visitor: 1,
    ...more,
  };
}

const at = (minutes: number) => new Date(START + minutes * MINUTE).toISOString();

describe('joinVisits', () => {
  it('makes one visit of events with less than half an hour between them', () => {
    const { added } = joinVisits([], [anEvent(0), anEvent(29), anEvent(58.99)]);
    expect(added).toMatchObject([{ startedAt: at(0), endedAt: at(58.99), events: 3, pageViews: 3 }]);
  });

  it('begins another visit after exactly half an hour', () => {
    expect(joinVisits([], [anEvent(0), anEvent(30)]).added).toHaveLength(2);
    expect(joinVisits([], [anEvent(0), anEvent(30 - 1 / MINUTE)]).added).toHaveLength(1);
  });

  it('joins two visits by a late event between them', () => {
    const { added: two } = joinVisits([], [anEvent(0, { url: 'a' }), anEvent(40, { url: 'b' })]);
    const { removed, added } = joinVisits(two, [anEvent(20, { url: 'c' })]);
    expect(removed).toEqual(two);
    expect(added).toMatchObject([{ events: 3, entryUrl: 'a', exitUrl: 'b' }]);
  });

  it('lets a heartbeat lengthen a visit without a page view', () => {
    const { added: old } = joinVisits([], [anEvent(0)]);
    expect(joinVisits(old, [anEvent(10, { eventType: 'heartbeat' })]).added).toMatchObject([
      { endedAt: at(10), events: 2, pageViews: 1 },
    ]);
  });

  it('leaves alone what no event comes to', () => {
    const { added: old } = joinVisits([], [anEvent(0), anEvent(100), anEvent(0, { visitor: 2 })]);
    const { removed, added } = joinVisits(old, [anEvent(105)]);
    expect(removed).toEqual([old[1]]);
    expect(added).toHaveLength(1);
  });

  it('knows visits of the same visitor in two applications and two tenants apart', () => {
    const elsewhere = { appId: '019a2b3c-0000-7000-8000-00000000000b' };
    const stranger = { tenantId: '019a2b3c-0000-7000-8000-000000000002' as TenantId };
    expect(joinVisits([], [anEvent(0), anEvent(1, elsewhere), anEvent(2, stranger)]).added).toHaveLength(3);
  });

  it('makes no visit of an event of nobody', () => {
    const nobody = [anEvent(0, { visitor: undefined })];
    expect(joinVisits([], nobody)).toEqual({ removed: [], added: [] });
    expect(reachOf(nobody)).toEqual([]);
  });

  it('reaches only around the runs of events, not from the first to the last one', () => {
    expect(reachOf([anEvent(0), anEvent(6_000), anEvent(59), anEvent(119)])).toEqual([
      expect.objectContaining({ after: at(-30), before: at(89) }),
      expect.objectContaining({ after: at(89), before: at(149) }),
      expect.objectContaining({ after: at(5_970), before: at(6_030) }),
    ]);
  });

  it('counts a visitor whose hash is 0', () => {
    expect(joinVisits([], [anEvent(0, { visitor: 0 })]).added).toHaveLength(1);
  });
});

const events = fc.array(
  fc
    .record({
      minutes: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constantFrom(0, 30, 29.99999, 60, 90)),
      visitor: fc.constantFrom(undefined, 0, 1, 2 ** 52 - 1),
      appId: fc.constantFrom(APP, '019a2b3c-0000-7000-8000-00000000000b'),
      eventType: fc.constantFrom('page_view', 'heartbeat'),
      url: fc.constantFrom(undefined, 'a', 'b', 'c'),
      referrer: fc.constantFrom(undefined, 'google.com', 'bing.com'),
      device: fc.constantFrom('mobile', 'desktop'),
      country: fc.constantFrom(undefined, 'BR', 'PT'),
    })
    .map(({ minutes, ...more }) => anEvent(minutes, more)),
  { maxLength: 40 },
);

/** By the definition, all at once. */
function visitsOf(all: readonly RolledEvent[]): unknown[] {
  const groups = new Map<string, RolledEvent[]>();
  for (const event of all) {
    if (event.visitor === undefined) continue;
    const key = `${event.appId} ${event.visitor}`;
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  return [...groups.values()].flatMap((group) => {
    group.sort((a, b) => Date.parse(a.occurredAt) - Date.parse(b.occurredAt));
    const runs: RolledEvent[][] = [];
    let last = -Infinity;
    for (const event of group) {
      const time = Date.parse(event.occurredAt);
      if (time - last >= IDLE_MS) runs.push([]);
      runs.at(-1)!.push(event);
      last = time;
    }
    return runs.map((run) => {
      const first = run.filter(({ occurredAt }) => occurredAt === run[0]!.occurredAt);
      const final = run.filter(({ occurredAt }) => occurredAt === run.at(-1)!.occurredAt);
      const least = (some: readonly RolledEvent[], field: 'url' | 'referrer' | 'device' | 'country') =>
        some.flatMap((event) => event[field] ?? []).sort()[0];
      return {
        tenantId: TENANT,
        appId: run[0]!.appId,
        visitor: run[0]!.visitor,
        startedAt: run[0]!.occurredAt,
        endedAt: run.at(-1)!.occurredAt,
        events: run.length,
        pageViews: run.filter(({ eventType }) => eventType === 'page_view').length,
        userId: undefined,
        entryUrl: least(first, 'url'),
        exitUrl: least(final, 'url'),
        referrer: least(first, 'referrer'),
        device: least(first, 'device'),
        country: least(first, 'country'),
      };
    });
  });
}

const keyOf = (visit: Visit) => `${visit.appId} ${visit.visitor} ${visit.startedAt}`;
const inKeyOrder = (visits: readonly unknown[]) =>
  [...(visits as Visit[])].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));

describe('visits stored batch by batch', () => {
  it('are those of all events at once, in any order and any batches', () => {
    fc.assert(
      fc.property(events, fc.infiniteStream(fc.nat()), (all, order) => {
        const next = order[Symbol.iterator]();
        const drawn = () => next.next().value as number;
        const shuffled = all
          .map((event) => ({ event, place: drawn() }))
          .sort((a, b) => a.place - b.place)
          .map(({ event }) => event);
        const stored = new Map<string, Visit>();
        while (shuffled.length > 0) {
          const batch = shuffled.splice(0, 1 + (drawn() % 7));
          // no more of the stored ones than the reach says is read, as from the table
          const reach = reachOf(batch);
          const within = [...stored.values()].filter((visit) =>
            reach.some(
              ({ appId, visitor, after, before }) =>
                appId === visit.appId &&
                visitor === visit.visitor &&
                visit.endedAt > after &&
                visit.startedAt < before,
            ),
          );
          const { removed, added } = joinVisits(within, batch);
          for (const visit of removed) expect(stored.delete(keyOf(visit))).toBe(true);
          for (const visit of added) {
            expect(stored.has(keyOf(visit))).toBe(false);
            stored.set(keyOf(visit), visit);
          }
        }
        expect(inKeyOrder([...stored.values()])).toEqual(inKeyOrder(visitsOf(all)));
      }),
      { numRuns: 1_000 },
    );
  });
});
