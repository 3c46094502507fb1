import fc from 'fast-check';
import { packed, unpacked } from './packed-row';

const long = 'x'.repeat(5_000);

describe('packed rows of the event log', () => {
  it('give back exactly the values that went in, in their order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.json({ stringUnit: 'grapheme' }), { minLength: 1, maxLength: 50 }),
        (values) => {
          const messages = [...values, JSON.stringify(long)].map((value) => ({ key: 'k', value }));
          const row = packed(messages);
          if (!row) throw new Error('not packed');
          expect(unpacked(row)).toEqual(messages.map(({ value }) => value));
        },
      ),
    );
  });

  it('are a fraction of what they hold', () => {
    const messages = Array.from({ length: 100 }, (_, n) => ({
      key: 'k',
      value: JSON.stringify({ n, long }),
    }));
    expect(packed(messages)?.length).toBeLessThan(20_000);
  });

  it.each([
    ['headers: dead letters are for people to read', [{ key: 'k', value: long, headers: { reason: 'r' } }]],
    ['a line break inside a value', [{ key: 'k', value: `${long}\n` }]],
    ['little to pack', [{ key: 'k', value: '{}' }]],
  ])('are not made of %s', (_, messages) => {
    expect(packed(messages)).toBeUndefined();
  });
});
