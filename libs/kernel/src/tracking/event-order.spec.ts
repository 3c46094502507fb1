import fc from 'fast-check';
import { TenantId } from '../ids';
import { inKeyOrder, tenantsOf } from './event-order';

const event = fc.record({
  tenantId: fc.constantFrom('t-1', 't-2') as fc.Arbitrary<TenantId>,
  eventId: fc.constantFrom('a', 'b', 'c'),
  timestamp: fc.constantFrom('2026-11-20T12:00:00.000Z', '2026-11-20T12:00:00.001Z'),
});
const keysOf = (events: { tenantId: string; eventId: string; timestamp: string }[]) =>
  events.map(({ tenantId, eventId, timestamp }) => tenantId + eventId + timestamp);

describe('events in the order of their keys', () => {
  it('are the same ones in the same order whatever order they came in, each key once', () => {
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const keys = keysOf(inKeyOrder(events));
        expect(keys).toEqual(keysOf(inKeyOrder([...events].reverse())));
        expect(keys).toEqual([...new Set(keysOf(events))].sort());
      }),
    );
  });

  it('keep the first of a key', () => {
    const [first] = fc.sample(event, 1);
    if (!first) throw new Error('no sample');
    expect(inKeyOrder([first, { ...first }])[0]).toBe(first);
  });

  it('tell whose they are, each tenant once', () => {
    const of = (tenantId: string) => ({ tenantId: tenantId as TenantId });
    expect(tenantsOf([of('t-1'), of('t-2'), of('t-1')])).toEqual(['t-1', 't-2']);
  });
});
