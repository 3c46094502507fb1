import fc from 'fast-check';
import { stretches } from './stretches';

describe('stretches', () => {
  it('together are the list, and each keeps both limits unless it is one item', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(50)),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 100 }),
        (list, items, size) => {
          const cut = [...stretches(list, { items, size }, (item) => item)];
          expect(cut.flat()).toEqual(list);
          for (const stretch of cut) {
            expect(stretch.length).toBeGreaterThan(0);
            expect(stretch.length).toBeLessThanOrEqual(items);
            if (stretch.length > 1) expect(stretch.reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(size);
          }
        },
      ),
    );
  });
});
