import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type TenantId = Id<'TenantId'>;
export type UserId = Id<'UserId'>;
export type ReleaseId = Id<'ReleaseId'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

// A draw from the system's generator costs four times the rest of an id: one draw serves 256 of them.
const pool = new Uint8Array(4096);
let drawn = pool.length;
let lastMs = 0;
let sequence = 0;

/** A time-ordered UUIDv7 (RFC 9562), lower case; ascending within this process. */
export function newId<T extends string = string>(): T {
  const random = draw(16);
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    // 31 random bits of 32: as many ids again fit into the millisecond
    sequence = new DataView(random.buffer, random.byteOffset).getUint32(6) >>> 1;
  } else sequence += 1;
  return v7({ random, msecs: lastMs, seq: sequence }) as T;
}

function draw(bytes: number): Uint8Array {
  if (drawn + bytes > pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  drawn += bytes;
  return pool.subarray(drawn - bytes, drawn);
}

/** Lower-case canonical form only, so that one id has one spelling. */
export function isUuid(text: unknown): text is string {
  return typeof text === 'string' && UUID.test(text);
}
