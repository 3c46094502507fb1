import fc from 'fast-check';
import { EXACT_UP_TO, HASH_BITS, MalformedSketch, STATED_ERROR, UniqueSketch } from './unique-sketch';

const HASHES = 2 ** HASH_BITS;

/** Uniform 52-bit numbers, the same for the same seed (xorshift128, Marsaglia 2003). */
function hashesFrom(seed: number): () => number {
  let [x, y, z, w] = [123456789 ^ seed, 362436069, 521288629 + seed, 88675123];
  const next = () => {
    const t = x ^ (x << 11);
    x = y;
    y = z;
    z = w;
    w = w ^ (w >>> 19) ^ t ^ (t >>> 8);
    return w >>> 0;
  };
  for (let i = 0; i < 20; i++) next();
  return () => (next() >>> 12) * 2 ** 32 + next();
}

function sketchOf(hashes: Iterable<number>): UniqueSketch {
  const sketch = UniqueSketch.empty();
  for (const hash of hashes) sketch.add(hash);
  return sketch;
}

function some(count: number, seed = 1): number[] {
  const hash = hashesFrom(seed);
  return Array.from({ length: count }, hash);
}

function merged(...sketches: UniqueSketch[]): UniqueSketch {
  const all = UniqueSketch.empty();
  for (const sketch of sketches) all.merge(sketch);
  return all;
}

describe('UniqueSketch', () => {
  it('counts nobody at first', () => {
    expect(UniqueSketch.empty()).toMatchObject({ count: 0, exact: true });
    expect(UniqueSketch.empty().toBytes()).toHaveLength(1);
  });

  it.each([1, 2, 127, 128, 129, 1_000, EXACT_UP_TO])(
    'counts %i exactly, however often they come',
    (count) => {
      const hashes = some(count);
      const sketch = sketchOf([...hashes, ...hashes.toReversed(), ...hashes]);
      expect(sketch).toMatchObject({ count, exact: true });
      expect(sketch.toBytes()).toHaveLength(1 + 7 * count);
    },
  );

  it('estimates from the first one too many', () => {
    const sketch = sketchOf(some(EXACT_UP_TO + 1));
    expect(sketch.exact).toBe(false);
    expect(sketch.count).toBeGreaterThan(EXACT_UP_TO);
    expect(sketch.toBytes()).toHaveLength(65_537);
  });

  it('takes the least and the greatest hash, and no other number', () => {
    expect(sketchOf([0, HASHES - 1, 0])).toMatchObject({ count: 2 });
    const dense = sketchOf([...some(EXACT_UP_TO + 1), 0, HASHES - 1]);
    expect(UniqueSketch.of(dense.toBytes()).toBytes().equals(dense.toBytes())).toBe(true);
    for (const none of [-1, HASHES, 0.5, NaN, Infinity, -0.5])
      for (const sketch of [UniqueSketch.empty(), dense]) expect(() => sketch.add(none)).toThrow(RangeError);
  });

  it('is not changed by one that it was merged into, nor by the bytes it was read from', () => {
    for (const size of [10, 10_000]) {
      const one = sketchOf(some(size));
      const before = one.toBytes();
      const bytes = one.toBytes();
      const read = UniqueSketch.of(bytes);
      bytes.fill(3);
      const other = merged(one, read);
      for (const hash of some(10_000, 2)) other.add(hash);
      expect(one.toBytes().equals(before)).toBe(true);
      expect(read.toBytes().equals(before)).toBe(true);
    }
  });

  it('gives what its bytes say once more', () => {
    for (const size of [0, 1, 500, EXACT_UP_TO, EXACT_UP_TO + 1, 50_000]) {
      const sketch = sketchOf(some(size));
      const again = UniqueSketch.of(sketch.toBytes());
      expect(again.count).toBe(sketch.count);
      expect(again.toBytes().equals(sketch.toBytes())).toBe(true);
    }
  });

  // Bytes of this version are in databases: what they say must never change.
  it('reads and writes the bytes that it always did', () => {
    const few = sketchOf([2 ** 51 + 5, 1, 0x123456789abcd]);
    expect(few.toBytes().toString('hex')).toBe('01' + '00000000000001' + '0123456789abcd' + '08000000000005');
    // one hash a register, with 35, 34, 33… zeros before its first one: 4·u
    const many = sketchOf([...Array.from({ length: 5_000 }, (_, i) => i * 2 ** 36 + 2 ** (i % 36)), 2, 0]);
    // the first register knows of 0 (u = 37), 1 (36) and 2 (35)
    expect([...many.toBytes().subarray(0, 5)]).toEqual([2, 37 * 4 + 3, 35 * 4, 34 * 4, 33 * 4]);
  });

  it.each([
    ['nothing', []],
    ['an unknown form', [3, 0, 0, 0, 0, 0, 0, 1]],
    ['half a hash', [1, 0, 0, 0]],
    ['a hash of 53 bits', [1, 0x10, 0, 0, 0, 0, 0, 0]],
    ['a hash twice', [1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1]],
    ['hashes out of order', [1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1]],
    ['registers too few', [2, ...new Uint8Array(65_535)]],
    ['registers too many', [2, ...new Uint8Array(65_537)]],
    ['a register that knows nothing and tells of it', [2, 1, ...new Uint8Array(65_535)]],
    ['a register that tells of an update value 0', [2, 4 + 2, ...new Uint8Array(65_535)]],
    ['a register beyond the bits of a hash', [2, 38 * 4, ...new Uint8Array(65_535)]],
    ['more hashes than are ever listed', [1, ...new Uint8Array(7 * (EXACT_UP_TO + 1))]],
  ])('refuses %s', (_, bytes) => {
    expect(() => UniqueSketch.of(Uint8Array.from(bytes))).toThrow(MalformedSketch);
  });

  it('reads bytes from the middle of others', () => {
    const bytes = sketchOf(some(20)).toBytes();
    const padded = Buffer.concat([Buffer.from('xyz'), bytes, Buffer.from('xyz')]);
    expect(UniqueSketch.of(padded.subarray(3, 3 + bytes.length)).toBytes()).toEqual(bytes);
  });
});

describe('merging', () => {
  // sizes on both sides of the threshold, with and without the same ones among them
  const part = fc.record({
    from: fc.integer({ min: 0, max: 8_000 }),
    size: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 6_000 })),
  });
  const all = some(14_000, 7);
  const partOf = ({ from, size }: { from: number; size: number }) => all.slice(from, from + size);

  it('is commutative, associative and idempotent, and the same as adding all to one', () => {
    fc.assert(
      fc.property(part, part, part, (a, b, c) => {
        const [x, y, z] = [a, b, c].map((one) => sketchOf(partOf(one))) as [
          UniqueSketch,
          UniqueSketch,
          UniqueSketch,
        ];
        const bytes = merged(x, y, z).toBytes();
        expect(merged(z, y, x).toBytes().equals(bytes)).toBe(true);
        expect(merged(x, merged(y, z)).toBytes().equals(bytes)).toBe(true);
        expect(merged(x, y, y, z, x).toBytes().equals(bytes)).toBe(true);
        const once = sketchOf([...partOf(c), ...partOf(a), ...partOf(b).toReversed()]);
        expect(once.toBytes().equals(bytes)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [0, 10],
    [10, 0],
    [10, 3_000],
    [3_000, EXACT_UP_TO],
    [10, 5_000],
    [5_000, 10],
    [5_000, 6_000],
    [0, 5_000],
  ])('of bytes is merging what they say: %i and %i', (here, there) => {
    const [merged, mergedBytes] = [sketchOf(some(here)), sketchOf(some(here))];
    const bytes = sketchOf(some(there, 2)).toBytes();
    const before = Buffer.from(bytes);
    merged.merge(UniqueSketch.of(bytes));
    mergedBytes.mergeBytes(bytes);
    expect(mergedBytes.toBytes()).toEqual(merged.toBytes());
    expect(bytes).toEqual(before);
    bytes.fill(0);
    expect(mergedBytes.toBytes()).toEqual(merged.toBytes());
  });

  it.each([0, 10, 5_000])('of bytes that are none is refused: %i', (here) => {
    const dense = sketchOf(some(5_000, 2)).toBytes();
    const impossible = Buffer.from(dense).fill(255, 100, 101);
    for (const bytes of [impossible, dense.subarray(0, -1), Buffer.from([3]), Buffer.alloc(0)])
      expect(() => sketchOf(some(here)).mergeBytes(bytes)).toThrow(MalformedSketch);
  });

  it('into itself changes nothing', () => {
    for (const size of [100, 9_000]) {
      const sketch = sketchOf(some(size));
      const before = sketch.toBytes();
      sketch.merge(sketch);
      expect(sketch.toBytes().equals(before)).toBe(true);
    }
  });
});

describe('the stated error', () => {
  it('holds at 99 of 100 windows of 4,096 to 2,000,000 visitors, with no bias', () => {
    const errors: number[] = [];
    for (let window = 0; window < 1_000; window++) {
      const hash = hashesFrom(window + 100);
      const size = windowSize(window);
      const sketch = UniqueSketch.empty();
      for (let i = 0; i < size; i++) sketch.add(hash());
      errors.push(sketch.count / size - 1);
    }
    const sizes = errors.map(Math.abs).sort((a, b) => a - b);
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const rms = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
    expect(sizes[989]!).toBeLessThanOrEqual(STATED_ERROR);
    expect(rms).toBeLessThan(0.0034); // 0.761/√65536 = 0.30 %
    expect(Math.abs(mean)).toBeLessThan(0.0004); // four standard errors of the mean
  }, 120_000);

  /** All orders of magnitude; the larger the fewer, for the sake of the test's time. */
  function windowSize(window: number): number {
    if (window < 3) return 2_000_000 >> window;
    const top = window < 50 ? 300_000 : 16_000;
    return Math.round(EXACT_UP_TO * (top / EXACT_UP_TO) ** ((window % 47) / 46)) + 1;
  }
});
