import { randomFillSync, randomUUID } from 'node:crypto';

const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;
// W3C Trace Context §3.2: version 00, neither id all zeros; any other version or shape starts a new trace
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The caller's `X-Request-Id` where it is one we can log and send on, otherwise a new one. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && REQUEST_ID.test(header) ? header : randomUUID();
}

/** The caller's `traceparent` where it is valid, otherwise the start of a new trace. */
export function traceparentOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && TRACEPARENT.test(header) ? header : newTraceparent();
}

const BYTES_PER_ID = 24;
// Random bytes by the block: one call for 128 requests instead of one each.
const pool = Buffer.allocUnsafe(BYTES_PER_ID * 128);
let used = pool.length;

function newTraceparent(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const traceId = pool.toString('hex', used, used + 16);
  const spanId = pool.toString('hex', used + 16, used + BYTES_PER_ID);
  used += BYTES_PER_ID;
  return `00-${traceId}-${spanId}-00`;
}
