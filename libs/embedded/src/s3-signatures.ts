import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** An access key that the emulator knows. */
export interface AwsKey {
  accessKeyId: string;
  secretAccessKey: string;
}

/** What libs/aws signs with where no keys are given. */
export const EMULATOR_KEY: AwsKey = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD, PUT',
  'access-control-allow-headers': '*',
  'access-control-expose-headers': 'etag',
  'access-control-max-age': '600',
};
const MAX_SKEW_MS = 15 * 60_000;
const DATE = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

interface Signed {
  credential: string;
  date: string;
  signedHeaders: string;
  signature: string;
  payloadHash: string;
  validMs: number;
}

/**
 * Makes the emulator refuse what S3 refuses: it checks no signature, so any page or program of this machine could read
 * and write every tenant's documents, and a presigned URL would promise limits that nobody holds. Signature Version 4,
 * in the query (presigned) or the Authorization header, every `x-amz-` header signed, and the SHA-256 of what is put.
 * Browsers may come from anywhere, as a bucket's CORS rules would let them: the signature is what admits.
 */
export function demandS3Signatures(fastify: FastifyInstance, keys: readonly AwsKey[]): void {
  fastify.addHook('onRequest', async (request, reply) => {
    if (!request.headers.origin || !isS3(request)) return;
    reply.headers(CORS);
    if (request.method === 'OPTIONS') await reply.code(204).send();
  });
  fastify.addHook('preHandler', async (request, reply) => {
    if (!isS3(request)) return;
    const refusal = isAuthentic(request, keys) ? bodyRefusal(request) : 'SignatureDoesNotMatch';
    if (refusal)
      await reply
        .code(refusal === 'BadDigest' ? 400 : 403)
        .type('application/xml')
        .send(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${refusal}</Code></Error>`);
  });
}

/** S3 has the paths; SQS and SNS post to the root. */
function isS3({ raw }: FastifyRequest): boolean {
  const path = (raw.url ?? '/').split('?', 1)[0] ?? '/';
  return path.length > 1 && path !== '/health' && !path.startsWith('/_fauxqs') && !/^\/\d{12}\//.test(path);
}

function bodyRefusal({ headers, body }: FastifyRequest): string | undefined {
  const declared = headers['x-amz-checksum-sha256'];
  if (declared === undefined) return undefined;
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  return createHash('sha256').update(bytes).digest('base64') === declared ? undefined : 'BadDigest';
}

function isAuthentic(request: FastifyRequest, keys: readonly AwsKey[]): boolean {
  const [path = '/', search = ''] = (request.raw.url ?? '/').split('?', 2);
  const query = new URLSearchParams(search);
  const signed = query.has('X-Amz-Signature') ? ofQuery(query) : ofHeader(request);
  if (!signed) return false;
  const [accessKeyId, ...scope] = signed.credential.split('/');
  const key = keys.find((known) => known.accessKeyId === accessKeyId);
  const names = signed.signedHeaders.split(';');
  if (!key || scope.length !== 4 || !isTimely(signed) || !coversEnough(request, names)) return false;
  const canonical = [
    request.method,
    path,
    canonicalQuery(query),
    ...names.map((name) => `${name}:${String(request.headers[name] ?? '').trim()}`),
    '',
    signed.signedHeaders,
    signed.payloadHash,
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', signed.date, scope.join('/'), sha256(canonical)].join('\n');
  const signingKey = scope.reduce<Buffer>(
    (previous, part) => hmac(previous, part),
    Buffer.from(`AWS4${key.secretAccessKey}`),
  );
  const expected = Buffer.from(hmac(signingKey, toSign).toString('hex'));
  const given = Buffer.from(signed.signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function ofQuery(query: URLSearchParams): Signed {
  const value = (name: string): string => query.get(`X-Amz-${name}`) ?? '';
  return {
    credential: value('Credential'),
    date: value('Date'),
    signedHeaders: value('SignedHeaders'),
    signature: value('Signature'),
    payloadHash: query.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD',
    validMs: Number(value('Expires')) * 1000,
  };
}

function ofHeader({ headers }: FastifyRequest): Signed | undefined {
  const match = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)$/.exec(
    headers.authorization ?? '',
  );
  if (!match) return undefined;
  return {
    credential: String(match[1]),
    signedHeaders: String(match[2]),
    signature: String(match[3]),
    date: String(headers['x-amz-date']),
    payloadHash: String(headers['x-amz-content-sha256']),
    validMs: MAX_SKEW_MS,
  };
}

function isTimely({ date, validMs }: Signed): boolean {
  const signedAt = Date.parse(date.replace(DATE, '$1-$2-$3T$4:$5:$6Z'));
  const age = Date.now() - signedAt;
  return age >= -MAX_SKEW_MS && age <= validMs;
}

/** As S3 wants it: the host and whatever speaks to S3 itself is signed. */
function coversEnough({ headers }: FastifyRequest, signed: readonly string[]): boolean {
  const sent = Object.keys(headers).filter((name) => name.startsWith('x-amz-'));
  return ['host', ...sent].every((name) => signed.includes(name));
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${escape(name)}=${escape(value)}`)
    .sort()
    .join('&');
}

function escape(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
