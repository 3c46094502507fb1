import { randomBytes } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { decompress, isKnownEncoding } from './decompress';

const LIMIT = 1024 * 1024;
const text = Buffer.from(JSON.stringify({ items: Array.from({ length: 200 }, (_, n) => ({ n })) }));
const ENCODINGS = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync } as const;
const encodings = Object.entries(ENCODINGS);

describe('decompress', () => {
  it.each(encodings)('undoes %s', async (encoding, compress) => {
    expect((await decompress(encoding, compress(text), LIMIT)).equals(text)).toBe(true);
    expect((await decompress(encoding.toUpperCase(), compress(Buffer.alloc(0)), LIMIT)).length).toBe(0);
  });

  it('undoes a deflate without its header, and a gzip in two parts', async () => {
    expect((await decompress('deflate', deflateRawSync(text), LIMIT)).equals(text)).toBe(true);
    const parts = Buffer.concat([gzipSync(text), gzipSync(text)]);
    expect((await decompress('x-gzip', parts, LIMIT)).length).toBe(2 * text.length);
  });

  it.each(encodings)(
    'admits a body of exactly the limit by %s, and no byte more',
    async (encoding, compress) => {
      const most = Buffer.concat([randomBytes(LIMIT / 8), Buffer.alloc(LIMIT - LIMIT / 8)]);
      expect((await decompress(encoding, compress(most), LIMIT)).length).toBe(LIMIT);
      const over = compress(Buffer.concat([most, Buffer.from('x')]));
      await expect(decompress(encoding, over, LIMIT)).rejects.toMatchObject({ code: 'body_too_large' });
    },
  );

  it('refuses bytes after the end of a deflate without its header', async () => {
    const body = Buffer.concat([deflateRawSync(text), Buffer.from('x')]);
    await expect(decompress('deflate', body, LIMIT)).rejects.toMatchObject({ code: 'malformed_encoding' });
  });

  it.each(encodings)('stops a bomb by %s early', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(30 * LIMIT));
    expect(bomb.length).toBeLessThan(LIMIT);
    const before = process.memoryUsage().arrayBuffers;
    const bombs = Array.from({ length: 40 }, () =>
      decompress(encoding, bomb, LIMIT).catch((error: Error) => error),
    );
    for (const outcome of await Promise.all(bombs)) expect(outcome).toMatchObject({ code: 'body_too_large' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * LIMIT);
  });

  it.each(encodings)('refuses what is not %s', async (encoding, compress) => {
    const whole = compress(text);
    const flipped = Buffer.from(whole);
    flipped[Math.floor(whole.length / 2)] = (flipped[Math.floor(whole.length / 2)] ?? 0) ^ 0xff;
    const broken = [
      text,
      Buffer.alloc(0),
      whole.subarray(0, whole.length - 9),
      flipped,
      Buffer.alloc(500, 0xff),
      Buffer.concat([whole, Buffer.from('{"items":[]}')]),
      Buffer.concat([whole, Buffer.alloc(3)]),
    ];
    for (const body of broken)
      await expect(decompress(encoding, body, LIMIT).then(String)).rejects.toMatchObject({
        code: 'malformed_encoding',
      });
  });

  it('goes on after failures: none of them holds a place', async () => {
    const junk = Array.from({ length: 50 }, () =>
      decompress('gzip', randomBytes(50), LIMIT).catch((error: { code: string }) => error.code),
    );
    expect(new Set(await Promise.all(junk))).toEqual(new Set(['malformed_encoding']));
    const all = await Promise.all(
      Array.from({ length: 50 }, () => decompress('gzip', gzipSync(text), LIMIT)),
    );
    expect(all.every((each) => each.equals(text))).toBe(true);
  });

  it('knows three encodings, one at a time', () => {
    expect(['gzip', 'GZIP', 'x-gzip', 'br', 'deflate'].every(isKnownEncoding)).toBe(true);
    expect(['zstd', 'compress', 'gzip, gzip', '', 'constructor', '__proto__'].some(isKnownEncoding)).toBe(
      false,
    );
  });
});
