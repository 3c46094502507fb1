import { promisify } from 'node:util';
import { BrotliOptions, brotliDecompress, gunzip, inflate, inflateRaw, ZlibOptions } from 'node:zlib';
import { MalformedBody } from '@libs/kernel';
import { BodyTooLarge } from '../http-errors';

type Decoder = (body: Buffer, options: ZlibOptions & BrotliOptions) => Promise<Buffer>;

const decoders: Record<string, Decoder> = {
  gzip: promisify<Buffer, ZlibOptions, Buffer>(gunzip),
  br: promisify<Buffer, BrotliOptions, Buffer>(brotliDecompress),
  deflate: (body, options) => (hasZlibHeader(body) ? zlib(body, options) : raw(body, options)),
};
const zlib = promisify<Buffer, ZlibOptions, Buffer>(inflate);
const raw = promisify<Buffer, ZlibOptions, Buffer>(inflateRaw);

/** A brotli window takes up to 16 MiB: strangers must not make us hold a thousand of them. */
const AT_ONCE = 4;

let free = AT_ONCE;
const waiting: (() => void)[] = [];

export function isKnownEncoding(encoding: string): boolean {
  return Object.hasOwn(decoders, canonical(encoding));
}

/**
 * Undoes a `Content-Encoding`, in the thread pool and a few at a time. It stops with the first byte past `limit`, so that a
 * bomb costs no more than an honest body of that size.
 * @throws BodyTooLarge, MalformedBody
 */
export async function decompress(encoding: string, body: Buffer, limit: number): Promise<Buffer> {
  const decoder = decoders[canonical(encoding)];
  if (!decoder) throw new Error(`no decoder for ${encoding}: the edge lets none such in`);
  if (free > 0) free -= 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await decoder(body, { maxOutputLength: limit, chunkSize: 64 * 1024 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new BodyTooLarge();
    if (code === 'Z_MEM_ERROR') throw error;
    throw new MalformedBody(
      'malformed_encoding',
      `The body is not what "Content-Encoding: ${encoding}" says.`,
    );
  } finally {
    // handed on, so that nobody who comes now overtakes
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }
}

function canonical(encoding: string): string {
  const name = encoding.trim().toLowerCase();
  return name === 'x-gzip' ? 'gzip' : name;
}

/** RFC 9110 section 8.4.1.2: `deflate` means zlib's format, and some send it without its header. */
function hasZlibHeader(body: Buffer): boolean {
  const [first = 0, second = 0] = body;
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
}
