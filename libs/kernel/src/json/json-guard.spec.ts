import fc from 'fast-check';
import { DomainError } from '@libs/kernel';
import { MAX_DEPTH, MAX_PARTS, parseJson } from './json-guard';

const parse = (text: string | Buffer) => parseJson(Buffer.from(text));

function refusal(text: string | Buffer): { code: string; path?: string } {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof DomainError) return { code: error.code, path: error.errors?.[0]?.path };
    throw error;
  }
  return { code: 'accepted' };
}

describe('parseJson', () => {
  it('reads what JSON.parse reads', () => {
    const safe = fc
      .jsonValue({ maxDepth: 6 })
      .filter((value) => refusal(JSON.stringify(value)).code === 'accepted');
    fc.assert(
      fc.property(safe, (value) => {
        const text = JSON.stringify(value);
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('never throws anything but a coded refusal, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(typeof refusal(Buffer.from(bytes)).code).toBe('string');
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses a key repeated at any place and any depth, and names it', () => {
    const key = fc.constantFrom('a', 'b', 'amount', 'a.b', '');
    const plain = fc
      .jsonValue({ maxDepth: 2 })
      .filter((value) => refusal(JSON.stringify(value)).code === 'accepted');
    const object = fc.dictionary(key, plain, { minKeys: 1, noNullPrototype: true });
    fc.assert(
      fc.property(object, fc.nat({ max: 20 }), (value, depth) => {
        const [first = ''] = Object.keys(value);
        const doubled = `{${JSON.stringify(value).slice(1, -1)},${JSON.stringify(first)}:1}`;
        const text = '{"in":'.repeat(depth) + doubled + '}'.repeat(depth);
        expect(refusal(text)).toEqual({
          code: 'duplicate_key',
          path: [...Array<string>(depth).fill('in'), first].join('.'),
        });
      }),
    );
  });

  it('sees through escapes in keys', () => {
    expect(refusal('{"a":1,"\\u0061":2}')).toEqual({ code: 'duplicate_key', path: 'a' });
    expect(refusal('{"items":[{"x":1},{"x":1,"x":2}]}')).toEqual({
      code: 'duplicate_key',
      path: 'items.1.x',
    });
    expect(refusal('{"__pro\\u0074o__":{}}').code).toBe('forbidden_key');
  });

  it('does not take a key of a sibling for a repetition', () => {
    expect(refusal('[{"a":1},{"a":1}]').code).toBe('accepted');
    expect(refusal('{"a":{"a":{"a":"a:a,{\\"a\\":1}"}}}').code).toBe('accepted');
  });

  it.each([
    ['{"__proto__":{"admin":true}}', 'forbidden_key', '__proto__'],
    ['{"a":[{"__proto__":1}]}', 'forbidden_key', 'a.0.__proto__'],
    ['{"constructor":{"prototype":{}}}', 'forbidden_key', 'constructor'],
    ['{"a":"\\u0000"}', 'forbidden_character', 'a'],
    ['{"a":["\\ud800"]}', 'forbidden_character', 'a.0'],
    ['{"\\udc00":1}', 'forbidden_character', ''],
    ['{"a":1e999}', 'number_out_of_range', 'a'],
    ['{"a":-1e999}', 'number_out_of_range', 'a'],
    ['{"a":9007199254740993}', 'number_out_of_range', 'a'],
    ['\u{feff}{}', 'byte_order_mark', undefined],
    ['', 'empty_body', undefined],
    ['   ', 'malformed_json', undefined],
    ['{', 'malformed_json', undefined],
    ['{"a":1}}', 'malformed_json', undefined],
    ["{'a':1}", 'malformed_json', undefined],
    ['{"a":NaN}', 'malformed_json', undefined],
    ['{"a":"\n"}', 'malformed_json', undefined],
  ])('refuses %j as %s', (text, code, path) => {
    expect(refusal(text)).toEqual({ code, path });
  });

  it('leaves characters and numbers to who asks for that, and nothing else', () => {
    const unchecked = (text: string) => parseJson(Buffer.from(text), 'unchecked');
    expect(unchecked('{"a\\u0000":["\\ud800",1e300]}')).toEqual({ 'a\0': ['\ud800', 1e300] });
    for (const text of ['{"a":"\\u0000","a":1}', '{"__proto__":1}', '['.repeat(33), '\u{feff}{}'])
      expect(() => unchecked(text)).toThrow();
  });

  it('keeps ordinary constructor properties and numbers with fractions', () => {
    expect(parse('{"constructor":"Odebrecht","n":0.1,"m":-9007199254740991}')).toEqual({
      constructor: 'Odebrecht',
      n: 0.1,
      m: -9007199254740991,
    });
  });

  it('refuses invalid UTF-8: overlong forms, surrogates, stray and cut sequences', () => {
    for (const bytes of [
      [0xc0, 0xaf],
      [0xed, 0xa0, 0x80],
      [0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xe2, 0x82],
      [0xff],
    ]) {
      const body = Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')]);
      expect(refusal(body).code).toBe('malformed_utf8');
    }
  });

  it('accepts 32 levels and refuses 33, brackets in strings apart', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(refusal(nested(MAX_DEPTH)).code).toBe('accepted');
    expect(refusal(nested(MAX_DEPTH + 1)).code).toBe('too_deep');
    expect(refusal('{"a":'.repeat(50_000)).code).toBe('too_deep');
    expect(refusal(`{"a":"${'['.repeat(500)}"}`).code).toBe('accepted');
  });

  it('refuses more properties or containers than a body needs', () => {
    expect(refusal(`[${'[],'.repeat(MAX_PARTS)}[]]`).code).toBe('too_many_parts');
    const members = Array.from({ length: MAX_PARTS + 1 }, (_, at) => `"k${at}":0`).join(',');
    expect(refusal(`{${members}}`).code).toBe('too_many_parts');
  });

  it('holds the process for less than 100 ms on any body of 1 MiB', () => {
    const fill = (piece: (at: number) => string, open: string, close: string) => {
      const parts: string[] = [];
      for (let at = 0, size = 0; size < 1_000_000; at++) {
        const part = piece(at);
        parts.push(part);
        size += part.length + 1;
      }
      return open + parts.join(',') + close;
    };
    const bodies = [
      fill((at) => `"k${at}":0`, '{', '}'),
      fill((at) => `"${at}":0`, '{', '}'),
      fill(() => '[]', '[', ']'),
      fill(() => '{}', '[', ']'),
      fill(() => '"\\ud83d\\ude00"', '[', ']'),
      fill(() => '1e-7', '[', ']'),
      fill((at) => `{"a":${at}}`, '[', ']'),
      fill((at) => `"${at}":0`, '{"0":1,', '}'),
      `{"a":"${'\\\\'.repeat(500_000)}"}`,
      `{"a":"${'x'.repeat(1_000_000)}"}`,
    ];
    for (const body of bodies) {
      // the best of three: others may be using the machine
      const took = [1, 2, 3].map(() => {
        const started = performance.now();
        refusal(body);
        return performance.now() - started;
      });
      expect({ body: body.slice(0, 20), slow: Math.min(...took) > 100 && took }).toEqual({
        body: body.slice(0, 20),
        slow: false,
      });
    }
  });
});
