import fc from 'fast-check';
import { DIMENSIONS, DimensionValues } from './dimensions';
import { FEW, QuarterValues } from './quarter-values';

const value = fc.option(fc.constantFrom('a', 'b', 'c, "d"', '{e}'), { nil: undefined });
const event: fc.Arbitrary<DimensionValues> = fc.record({
  device: value,
  browser: value,
  os: value,
  country: value,
  referrer: value,
  url: value,
});
const events = fc.array(event, { maxLength: 2 * FEW });

function of(all: readonly DimensionValues[]): QuarterValues {
  const values = new QuarterValues();
  for (const one of all) values.add(one);
  return values;
}

function told(values: QuarterValues): unknown {
  return [values.few, values.counts().map((counts) => [...counts].sort())];
}

describe('values of a quarter', () => {
  it('are counted by the definition, whether or not they are few', () => {
    fc.assert(
      fc.property(events, (all) => {
        const counts = of(all).counts();
        for (const [place, dimension] of DIMENSIONS.entries()) {
          const said = all.map((one) => one[dimension] ?? '');
          expect([...counts[place]!.keys()].sort()).toEqual([...new Set(said)].sort());
          for (const [value, times] of counts[place]!)
            expect(times).toBe(said.filter((one) => one === value).length);
        }
      }),
    );
  });

  it('are kept event by event as long as they are few', () => {
    fc.assert(
      fc.property(events, (all) =>
        expect(of(all).few?.[0]?.length).toBe(all.length > FEW ? undefined : all.length),
      ),
    );
  });

  it('are the same in whatever order and parts they come', () => {
    fc.assert(
      fc.property(events, fc.nat({ max: 2 * FEW }), (all, at) => {
        const first = of(all.slice(0, at)).few;
        fc.pre(first !== undefined);
        const rest = of(all.slice(at).toReversed());
        rest.takeIn(first);
        expect(told(rest)).toEqual(told(of(all)));
      }),
    );
  });

  it('are no longer few once they were spread, and count on', () => {
    const values = of([{ url: 'a' }]);
    values.spread();
    expect(values.few).toBeUndefined();
    values.add({ url: 'a' });
    values.takeIn([[''], [''], [''], [''], [''], ['b']]);
    expect(values.counts().at(-1)).toEqual(
      new Map([
        ['a', 2],
        ['b', 1],
      ]),
    );
  });
});
