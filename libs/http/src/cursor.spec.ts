import fc from 'fast-check';
import { MalformedInput } from './http-errors';
import { readCursor, writeCursor } from './cursor';
import { pageOf } from './validation/page-query';

const any = () => true;

describe('a cursor', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.string({ maxLength: 60 }), (time, id) => {
        expect(readCursor(writeCursor([time, id]), [any, any])).toEqual([time, id]);
      }),
    );
  });

  it('of anybody else is refused as malformed', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.json().map((text) => Buffer.from(text).toString('base64url')),
        ),
        (text) => {
          expect(() => readCursor(text, [(part) => part === 'never', any])).toThrow(MalformedInput);
        },
      ),
    );
  });

  it('is refused when a part is not what the list wrote, another spelling included', () => {
    const cursor = writeCursor(['2026-11-22', 'x']);
    expect(() => readCursor(cursor, [any])).toThrow(MalformedInput);
    expect(() => readCursor(cursor, [any, (part) => part === 'y'])).toThrow(MalformedInput);
    expect(() => readCursor(`${cursor}=`, [any, any])).toThrow(MalformedInput);
    expect(() => readCursor(writeCursor(['x'.repeat(600), 'y']), [any, any])).toThrow(MalformedInput);
  });
});

describe('a page', () => {
  it('has a cursor only where rows follow', () => {
    expect(pageOf([1, 2, 3], 2, String)).toEqual({ items: [1, 2], nextCursor: '2' });
    expect(pageOf([1, 2], 2, String)).toEqual({ items: [1, 2], nextCursor: null });
    expect(pageOf([], 2, String)).toEqual({ items: [], nextCursor: null });
  });
});
