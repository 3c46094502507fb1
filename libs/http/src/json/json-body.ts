import { FastifyInstance, FastifyRequest } from 'fastify';
import { UnsupportedCharset, UnsupportedContentEncoding } from '../http-errors';
import { parseJson } from './json-guard';

export const BODY_LIMIT = 1024 * 1024;

const UTF8_CHARSET = /;\s*charset\s*=\s*"?utf-?8"?\s*(?:;|$)/i;

/** Makes guarded JSON the only body this instance reads; any other content type is 415. */
export function acceptGuardedJson(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
    (_request, body, done) => {
      try {
        done(null, parseJson(body));
      } catch (error) {
        done(error as Error);
      }
    },
  );
}

/** @throws UnsupportedContentEncoding, UnsupportedCharset before a byte of the body is read */
export function checkBodyHeaders(request: FastifyRequest): void {
  const { headers } = request.raw;
  const encoding = headers['content-encoding'];
  // Decompressing requests would open the door to zip bombs, and no client of ours asks for it.
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') throw new UnsupportedContentEncoding();
  const type = headers['content-type'];
  if (type !== undefined && /charset/i.test(type) && !UTF8_CHARSET.test(type)) throw new UnsupportedCharset();
}
