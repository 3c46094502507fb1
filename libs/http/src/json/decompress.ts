import { promisify } from 'node:util';
import { brotliDecompress, gunzip, Gunzip, inflate, inflateRaw, ZlibOptions } from 'node:zlib';
import { MalformedBody } from '@libs/kernel';
import { BodyTooLarge } from '../http-errors';

/** How `info` has it, which the types do not tell: with the stream that decoded it. */
interface Decoded {
  buffer: Buffer;
  engine: Pick<Gunzip, 'bytesWritten'>;
}
type Decoder = (body: Buffer, options: ZlibOptions) => Promise<Decoded>;

const decoders: Record<string, Decoder> = {
  gzip: promisify(gunzip) as unknown as Decoder,
  br: promisify(brotliDecompress) as unknown as Decoder,
  deflate: (body, options) => (hasZlibHeader(body) ? zlib(body, options) : raw(body, options)),
};
const zlib = promisify(inflate) as unknown as Decoder;
const raw = promisify(inflateRaw) as unknown as Decoder;

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
    const { buffer, engine } = await decoder(body, {
      maxOutputLength: limit,
      chunkSize: 64 * 1024,
      info: true,
    });
    // zlib passes over bytes after the end, but for some after a gzip's; another reader may take them for a part.
    if (engine.bytesWritten !== body.length) throw notAs(encoding);
    return buffer;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new BodyTooLarge();
    throw code === 'Z_MEM_ERROR' ? error : notAs(encoding);
  } finally {
    // handed on, so that nobody who comes now overtakes
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }
}

function notAs(encoding: string): MalformedBody {
  return new MalformedBody(
    'malformed_encoding',
    `The body is not what "Content-Encoding: ${encoding}" says.`,
  );
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
