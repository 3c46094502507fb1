import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { aPageView } from './sdk-event.builder';

/** A request that nobody honest sends. */
export interface Attack {
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

const PATHS = ['', '/batch', '/track', '/track/batch'];
const VALUES: unknown[] = [
  null, true, -1, 1e308, 0.1, '', ' ', 'x'.repeat(20_000), [], {}, [[]], [{}], '\u202e', '💥', '\ud83d', '\u0000',
  'Infinity', '2026-02-30T00:00:00Z', '0000-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z', '../../etc/passwd',
  "'; drop table events.user_events; --", '<script>alert(1)</script>', '%00', '%%%', 'https://%zz/?cpf=%31',
  { toJSON: 1 }, { length: 1e9 }, { then: {} }, { constructor: { name: 'x' } }, { hasOwnProperty: 1 },
  Array.from({ length: 500 }, () => 1), Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`k${n}`, n])),
]; // prettier-ignore
const WHOLE: string[] = [
  '', ' ', '{', '}', '[', '[]', 'null', '1', '"x"', '{}', '{"events":[]}', '{"events":{}}', '{"events":[[]]}',
  '{"a":1,"a":2}', '{"__proto__":{}}', '{"constructor":{"prototype":{}}}', '{"events":null}', 'NaN', '{"a":1e999}',
  '\ufeff{}', `${'['.repeat(50_000)}`, `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`, `{"events":[${'{},'.repeat(100)}{}]}`,
  `{"events":[${'1,'.repeat(30_000)}1]}`, '{"sent_at":1,"events":[{}]}', '{"events":[{}],"x":1}', '{"\\u0000":1}',
  `"${'a'.repeat(1_000_000)}"`, `{"event_type":"${'a'.repeat(300_000)}"}`,
]; // prettier-ignore

/** The `n`th of an endless list: the same number, the same attack. */
export function attack(n: number): Attack {
  const random = randomOf(n);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const path = pick(PATHS);
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  let body: Buffer;
  switch (n % 5) {
    case 0:
      body = Buffer.from(pick(WHOLE));
      break;
    case 1: // a valid one with a wound
      body = wounded(Buffer.from(JSON.stringify(shaped(path, aPageView()))), random);
      break;
    case 2:
      body = Buffer.from(JSON.stringify(shaped(path, mutated(pick, random))));
      break;
    case 3: {
      const encoding = pick(['gzip', 'deflate', 'br', 'GZIP', 'zstd', 'gzip, br', '']);
      const compress = pick([gzipSync, deflateSync, brotliCompressSync]);
      const small = () => compress(Buffer.from(JSON.stringify(shaped(path, aPageView()))));
      body = pick([small, () => wounded(small(), random), () => bombs[Math.floor(random() * 3)] as Buffer])();
      headers['content-encoding'] = encoding;
      break;
    }
    default: {
      const events = Array.from({ length: 1 + Math.floor(random() * 20) }, () => mutated(pick, random));
      body = Buffer.from(JSON.stringify({ events }));
      headers['content-type'] = pick([
        'application/json',
        'text/plain',
        'application/json; charset=latin1',
        'x',
      ]);
    }
  }
  return { path, headers, body };
}

const bombs = [gzipSync, deflateSync, brotliCompressSync].map((compress) => {
  const whole = Buffer.alloc(64 * 1024 * 1024, ' ');
  return compress === brotliCompressSync ? compress(whole.subarray(0, 16 * 1024 * 1024)) : compress(whole);
});

function shaped(path: string, event: unknown): unknown {
  return path.endsWith('/batch') ? { events: [event, aPageView()] } : event;
}

type Pick = <T>(list: readonly T[]) => T;

function mutated(pick: Pick, random: () => number): Record<string, unknown> {
  const event: Record<string, unknown> = aPageView();
  for (let changes = 1 + Math.floor(random() * 3); changes > 0; changes -= 1) {
    const key = pick(Object.keys(event));
    const inner = event[key];
    if (typeof inner === 'object' && inner !== null && random() < 0.6) {
      const part = inner as Record<string, unknown>;
      part[pick([...Object.keys(part), 'amount', 'toString', 'x'.repeat(300), '', 'user_id'])] =
        structuredClone(pick(VALUES));
    } else if (random() < 0.2) delete event[key];
    else event[pick([key, 'eventType', 'metadata', 'then', '💥'])] = structuredClone(pick(VALUES));
  }
  return event;
}

function wounded(body: Buffer, random: () => number): Buffer {
  const at = Math.floor(random() * body.length);
  if (random() < 0.3) return body.subarray(0, at);
  const copy = Buffer.from(body);
  for (let times = 1 + Math.floor(random() * 8); times > 0; times -= 1)
    copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
  return copy;
}

/** mulberry32 */
function randomOf(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
