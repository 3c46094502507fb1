import fc from 'fast-check';
import { storableJson, storableText } from './storable';

describe('what PostgreSQL can hold', () => {
  it('has no NUL and no half of a surrogate pair, in keys and values at any depth', () => {
    const told = { 'a\0': ['x\ud800', { b: '\udc00y\0' }], ok: '😀' };
    expect(JSON.parse(storableJson(told))).toEqual({
      'a\uFFFD': ['x\uFFFD', { b: '\uFFFDy\uFFFD' }],
      ok: '😀',
    });
    expect(storableText('a\0\ud800b')).toBe('a\uFFFD\uFFFDb');
    expect(storableText(undefined)).toBeUndefined();
  });

  it('leaves everything else as it is, what only looks like an escape too', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = storableJson(value);
        expect(text).not.toMatch(/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/);
        if (!/\\u(?:0000|d[89a-f])/.test(JSON.stringify(value))) expect(text).toBe(JSON.stringify(value));
      }),
    );
    expect(storableJson(['\\u0000', '\\\\ud800'])).toBe(JSON.stringify(['\\u0000', '\\\\ud800']));
  });
});
