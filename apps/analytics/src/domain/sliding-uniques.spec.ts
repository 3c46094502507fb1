import fc from 'fast-check';
import { slidingUniques } from './sliding-uniques';
import { UniqueSketch } from './unique-sketch';

describe('sliding unions', () => {
  it('count what the union of each window counts, places without anything included', () => {
    const place = fc.option(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 10 }), {
      nil: undefined,
    });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 40 }), fc.integer({ min: 1, max: 12 }), (hashes, width) => {
        const sketches = hashes.map((some) => some && sketchOf(some));
        const counts = [...slidingUniques((at) => sketches[at], hashes.length, width)].flat();
        const windows = Math.max(0, hashes.length - width + 1);
        const plain = Array.from(
          { length: windows },
          (_, start) => new Set(hashes.slice(start, start + width).flatMap((some) => some ?? [])).size,
        );
        expect(counts).toEqual(plain);
      }),
    );
  });
});

function sketchOf(hashes: readonly number[]): UniqueSketch {
  const sketch = UniqueSketch.empty();
  for (const hash of hashes) sketch.add(hash);
  return sketch;
}
