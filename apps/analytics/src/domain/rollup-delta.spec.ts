import fc from 'fast-check';
import { TenantId } from '@libs/kernel';
import { DIMENSIONS } from './dimensions';
import { RolledEvent } from './rolled-event';
import { ALL_TYPES, quarterOf, RollupDelta } from './rollup-delta';
import { fitValues } from './value-room';

const TENANTS = [
  '019a2b3c-0000-7000-8000-000000000001',
  '019a2b3c-0000-7000-8000-000000000002',
] as TenantId[];
const APPS = ['019a2b3c-0000-7000-8000-00000000000a', '019a2b3c-0000-7000-8000-00000000000b'];
const NOON = Date.parse('2026-11-22T12:00:00.000Z');

const event: fc.Arbitrary<RolledEvent> = fc.record({
  tenantId: fc.constantFrom(...TENANTS),
  appId: fc.constantFrom(...APPS),
  eventId: fc.uuid(),
  timestamp: fc.constant('2026-11-22T12:00:00.000Z'),
  eventType: fc.constantFrom('page_view', 'click', 'transfer_completed'),
  occurredAt: fc
    .integer({ min: -20 * 3_600_000, max: 20 * 3_600_000 })
    .map((ms) => new Date(NOON + ms).toISOString()),
  visitor: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
  session: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
  browser: fc.constantFrom(undefined, 'Chrome', 'Firefox'),
  url: fc.constantFrom(undefined, 'a/', 'a/b'),
});
const events = fc.array(event, { maxLength: 60 });

/** Everything it says, in one order. */
function told(all: readonly RolledEvent[]): unknown {
  return RollupDelta.of(all).apps.map(({ quarters, ...app }) => ({
    ...app,
    quarters: [...quarters.values()]
      .map((quarter) => ({
        ...quarter,
        users: quarter.users.toBytes().toString('hex'),
        sessions: quarter.sessions.toBytes().toString('hex'),
        values: [quarter.values?.few, quarter.values?.counts().map((counts) => [...counts].sort())],
      }))
      .sort((a, b) => (a.eventType + a.bucket < b.eventType + b.bucket ? -1 : 1)),
  }));
}

describe('RollupDelta', () => {
  it('says the same whatever the order', () => {
    fc.assert(fc.property(events, (all) => expect(told(all.toReversed())).toEqual(told(all))));
  });

  it('agrees with counting by the definition', () => {
    fc.assert(
      fc.property(events, (all) => {
        const { apps } = RollupDelta.of(all);
        expect(apps.flatMap(({ quarters }) => [...quarters.values()]).length).toBe(
          new Set(
            all.flatMap(({ tenantId, appId, eventType, occurredAt }) =>
              [eventType, ALL_TYPES].map((type) => [tenantId, appId, type, quarterOf(occurredAt)].join()),
            ),
          ).size,
        );
        for (const { tenantId, appId, quarters, days, newest } of apps) {
          const own = all.filter((one) => one.tenantId === tenantId && one.appId === appId);
          expect(newest).toBe(
            own
              .map(({ occurredAt }) => occurredAt)
              .sort()
              .at(-1),
          );
          expect(days).toEqual([...new Set(own.map(({ occurredAt }) => occurredAt.slice(0, 10)))].sort());
          const within = (type: string, bucket: string) =>
            own.filter(
              ({ eventType, occurredAt }) =>
                (type === ALL_TYPES || type === eventType) &&
                Math.floor(Date.parse(occurredAt) / 900_000) === Date.parse(bucket) / 900_000,
            );
          for (const { eventType, bucket, events: count, users, sessions, values } of quarters.values()) {
            const these = within(eventType, bucket);
            expect(count).toBe(these.length);
            expect(users.count).toBe(new Set(these.flatMap(({ visitor }) => visitor ?? [])).size);
            expect(sessions.count).toBe(new Set(these.flatMap(({ session }) => session ?? [])).size);
            expect(values === undefined).toBe(eventType === ALL_TYPES);
            for (const [place, counted] of values?.counts().entries() ?? []) {
              const said = these.map((one) => one[DIMENSIONS[place]!] ?? '');
              for (const [value, times] of counted)
                expect(times).toBe(said.filter((one) => one === value).length);
              expect([...counted.values()].reduce((sum, times) => sum + times)).toBe(these.length);
            }
          }
        }
      }),
    );
  });

  it('names applications in the order in which they are locked', () => {
    fc.assert(
      fc.property(events, (all) => {
        const keys = RollupDelta.of(all).apps.map(({ tenantId, appId }) => tenantId + appId);
        expect(keys).toEqual([...new Set(keys)].sort());
      }),
    );
  });

  it.each([
    ['2026-11-22T12:00:00.000Z', '2026-11-22T12:00:00.000Z'],
    ['2026-11-22T12:14:59.999Z', '2026-11-22T12:00:00.000Z'],
    ['2026-11-22T12:15:00.000Z', '2026-11-22T12:15:00.000Z'],
    ['2026-12-31T23:59:59.999Z', '2026-12-31T23:45:00.000Z'],
  ])('puts %s into the quarter of %s', (instant, bucket) => expect(quarterOf(instant)).toBe(bucket));
});

describe('fitValues', () => {
  const gained = (...pairs: [string, number][]) => new Map(pairs);

  it('gives a row to the most frequent of the new ones while there is room', () => {
    const { values, remainder } = fitValues(
      new Set(['x']),
      gained(['a', 1], ['b', 5], ['c', 5], ['x', 1]),
      3,
    );
    expect([...values].sort()).toEqual([
      ['b', 5],
      ['c', 5],
      ['x', 1],
    ]);
    expect(remainder).toBe(1);
  });

  it('has room for the events that say nothing, always', () => {
    expect(fitValues(new Set(['x', 'y']), gained(['', 3], ['z', 2]), 2)).toEqual({
      values: new Map([['', 3]]),
      remainder: 2,
    });
    expect(fitValues(new Set(['', 'x']), gained(['z', 2]), 2).remainder).toBe(0);
  });

  it('loses no event and never makes more rows than there is room for', () => {
    const names = fc.constantFrom('', ...'abcdefghij');
    fc.assert(
      fc.property(
        fc.uniqueArray(names, { maxLength: 4 }),
        fc.dictionary(names, fc.integer({ min: 1, max: 9 })),
        (known, counts) => {
          const fresh = new Map(Object.entries(counts));
          const { values, remainder } = fitValues(new Set(known), fresh, 4);
          const sum = (some: Iterable<number>) => [...some].reduce((all, one) => all + one, 0);
          expect(sum(values.values()) + remainder).toBe(sum(fresh.values()));
          const rows = new Set([...known, ...values.keys()]);
          rows.delete('');
          expect(rows.size).toBeLessThanOrEqual(4);
        },
      ),
    );
  });
});
