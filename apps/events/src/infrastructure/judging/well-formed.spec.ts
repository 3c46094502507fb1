import fc from 'fast-check';
import { wellFormed } from './well-formed';

describe('texts of a body', () => {
  it('are mended at every depth, and in names', () => {
    expect(wellFormed(['\ud83d', { 'a\0': ['b\udc00c', { d: '\0' }], e: '💥', f: 1, g: null }])).toEqual([
      '\ufffd',
      { 'a\ufffd': ['b\ufffdc', { d: '\ufffd' }], e: '💥', f: 1, g: null },
    ]);
  });

  it('stay as they are where nothing is wrong with them', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'grapheme' }), (text) => {
        const whole = text.replaceAll('\\u0000', '');
        expect(wellFormed(JSON.parse(whole))).toEqual(JSON.parse(whole));
      }),
    );
  });

  it('can all be stored afterwards', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        expect(JSON.stringify(wellFormed(value))).not.toMatch(/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/);
      }),
    );
  });
});
