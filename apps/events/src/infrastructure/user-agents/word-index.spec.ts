import fc from 'fast-check';
import { WordIndex } from './word-index';

describe('words in a text', () => {
  it('are those that it holds, whatever the case, and no others', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '/'), minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        fc.uniqueArray(letters, { minLength: 1, maxLength: 12 }),
        fc.string({ unit: fc.constantFrom('a', 'B', 'c', '/', 'x', 'ß', 'A'), maxLength: 40 }),
        (words, text) => {
          const found = new Set<number>();
          new WordIndex(words).search(text, (word) => void found.add(word));
          const held = words.flatMap((word, place) => (text.toLowerCase().includes(word) ? [place] : []));
          expect([...found].sort((one, other) => one - other)).toEqual(held);
        },
      ),
      { numRuns: 500 },
    );
  });
});
