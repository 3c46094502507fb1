import { parseJson } from '@libs/kernel';
import { FastifyInstance, FastifyRequest } from 'fastify';
import { UnsupportedCharset, UnsupportedContentEncoding, UnsupportedMediaType } from '../http-errors';
import { bringsWriteKey } from '../ingestion';
import { decompress, isKnownEncoding } from './decompress';

export const BODY_LIMIT = 1024 * 1024;

const UTF8_CHARSET = /;\s*charset\s*=\s*"?utf-?8"?\s*(?:;|$)/i;
const TEXT = /^\s*text\/plain\s*(?:;|$)/i;

type Done = (error: Error | null, body?: unknown) => void;

/** Makes guarded JSON the only body this instance reads; any other content type is 415. */
export function acceptGuardedJson(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  for (const type of ['application/json', 'text/plain'])
    fastify.addContentTypeParser<Buffer>(type, { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, readBody);
}

function readBody(request: FastifyRequest, body: Buffer, done: Done): void {
  const encoding = request.raw.headers['content-encoding'] ?? silentEncoding(request, body);
  if (encoding === undefined || isIdentity(encoding)) {
    parse(request, body, done);
    return;
  }
  decompress(encoding, body, BODY_LIMIT).then(
    (plain) => parse(request, plain, done),
    (error: unknown) => done(error as Error),
  );
}

function parse({ ingestion }: FastifyRequest, body: Buffer, done: Done): void {
  if (ingestion) {
    done(null, body);
    return;
  }
  let value: unknown;
  try {
    value = parseJson(body);
  } catch (error) {
    done(error as Error);
    return;
  }
  done(null, value);
}

/** @throws UnsupportedContentEncoding, UnsupportedCharset, UnsupportedMediaType before a byte of the body is read */
export function checkBodyHeaders(request: FastifyRequest): void {
  const { headers } = request.raw;
  const encoding = headers['content-encoding'];
  // Decompressing opens a door to bombs: only where clients have a reason to compress.
  if (encoding !== undefined && !isIdentity(encoding) && !(request.ingestion && isKnownEncoding(encoding)))
    throw new UnsupportedContentEncoding(request.ingestion);
  const type = headers['content-type'];
  if (type === undefined) return;
  if (/charset/i.test(type) && !UTF8_CHARSET.test(type)) throw new UnsupportedCharset();
  if (TEXT.test(type) && !(request.ingestion && bringsWriteKey(request))) throw new UnsupportedMediaType();
}

/** A page that leaves may send compressed what only fits so, and a header that says it would cost a preflight. */
function silentEncoding(request: FastifyRequest, body: Buffer): string | undefined {
  // 0x78 begins every zlib stream, and no JSON.
  return request.ingestion && body[0] === 0x78 ? 'deflate' : undefined;
}

function isIdentity(encoding: string): boolean {
  return encoding.toLowerCase() === 'identity';
}
