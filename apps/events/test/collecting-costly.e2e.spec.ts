import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { EventsHouse } from './events.house';
import { aPageView } from './sdk-event.builder';

const MIB = 1024 * 1024;
/** What the dearest honest body of the same size costs, several times over. */
const MOST_CPU_MS = 400;

/** Text of a body of about so many bytes. */
const filled = (before: string, part: (n: number) => string, after: string, bytes = MIB - 2_000): string => {
  let text = before;
  for (let n = 0; text.length < bytes; n++) text += (n > 0 ? ',' : '') + part(n);
  return text + after;
};
const event = (properties: string): string =>
  JSON.stringify({ ...aPageView(), properties: '@' }).replace('"@"', () => properties);
const track = (metadata: string): string => `{"eventType":"comprou","metadata":${metadata}}`;
const batch = (events: string[]): string => `{"events":[${events.join(',')}]}`;

/** Each is a body that may be sent, made to cost as much as it can. */
const BODIES: [name: string, path: string, body: string][] = [
  ['names that are numbers with equal low bits', '/track', track(filled('[', (e) => filled('{', (n) => `"${n * 65_536 + e}":1`, '}', 3_000), ']', 250_000))],
  ['names that are numbers, each in an object of its own', '/track', track(filled('[', (n) => `{"${n * 4_096}":${n}}`, ']', 250_000))],
  ['ever longer names', '/track', track(filled('{', (n) => `"${'a'.repeat(n % 120)}${n}":1`, '}', 250_000))],
  ['a hundred events of 256 names', '/track/batch', batch(Array.from({ length: 100 }, (_, e) => track(filled('{', (n) => `"k${(e * 256 + n) * 8_192}":1`, '}', 4_000))))],
  ['numbers of very many digits', '/track', track(filled('[', () => '1'.repeat(300), ']', 250_000))],
  ['numbers with very many zeros', '/track', track(filled('[', () => `0.${'0'.repeat(900)}1e-300`, ']', 250_000))],
  ['an object in an object in an object', '/track', track(filled('[', () => `${'{"a":'.repeat(20)}1${'}'.repeat(20)}`, ']', 250_000))],
  ['escapes of escapes', '', event(`{"title":"x","a":"${'\\\\\\"'.repeat(60_000)}"}`)],
  ['percent-encoding of percent-encoding', '', event(`{"a":"${'%2525252525'.repeat(20_000)}"}`)],
  ['digits without an end', '', event(`{"a":"${'5299822472'.repeat(24_000)}"}`)],
  ['mails without an end', '', event(`{"a":"${'a@'.repeat(120_000)}"}`)],
  ['tokens without an end', '', event(`{"a":"${'eyJ.'.repeat(60_000)}"}`)],
  ['blanks between digits', '', event(`{"a":"${'1 '.repeat(120_000)}"}`)],
  ['credentials without an end', '', event(`{"a":"${'password='.repeat(26_000)}"}`)],
  ['a hundred dear user agents', '/batch', batch(Array.from({ length: 100 }, (_, n) => JSON.stringify({ ...aPageView(), context: { user_agent: `Mozilla/5.0 (Linux; Android ${n}; ${'x'.repeat(1_900)}) ${'Version/'.repeat(5)}` } })))],
  ['a hundred long addresses', '/batch', batch(Array.from({ length: 100 }, (_, n) => JSON.stringify({ ...aPageView(), context: { url: `https://x/${n}/${'%41/'.repeat(2_000)}?${'a=1&'.repeat(20)}` } })))],
  ['a hundred events of five thousand small values', '/track/batch', batch(Array.from({ length: 100 }, () => track(filled('[', (n) => `${n % 10}`, ']', 10_000))))],
]; // prettier-ignore

let house: EventsHouse;
let key: string;

beforeAll(async () => {
  house = await EventsHouse.open({ apart: true });
  key = await house.key(await house.tenant());
  for (let n = 0; n < 20; n++) await send('', Buffer.from(JSON.stringify(aPageView())));
}, 60_000);
afterAll(() => house?.close());

async function send(path: string, body: Buffer, encoding?: string): Promise<number> {
  const answer = await fetch(`${house.url}/api/v1/events${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-api-key': key,
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    },
    body: new Uint8Array(body),
  });
  await answer.arrayBuffer();
  return answer.status;
}

async function cpuMs(): Promise<number> {
  const text = await (await fetch(`${house.url}/metrics`)).text();
  return 1_000 * Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1]);
}

/** The least of several: the machine has others to serve. */
async function costOf(work: () => Promise<number>): Promise<{ cost: number; status: number }> {
  let [cost, status] = [Infinity, 0];
  for (let time = 0; time < 3; time++) {
    const before = await cpuMs();
    status = await work();
    cost = Math.min(cost, (await cpuMs()) - before);
  }
  return { cost, status };
}

describe('a body that is made to be dear', () => {
  it.each(BODIES)(
    'of %s costs about as much as an honest one',
    async (_name, path, body) => {
      expect(body.length).toBeLessThanOrEqual(MIB);
      const { cost, status } = await costOf(() => send(path, Buffer.from(body)));
      expect([202, 400, 413, 422]).toContain(status);
      expect(cost).toBeLessThan(MOST_CPU_MS);
    },
    60_000,
  );

  const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
  it.each([
    ['gzip', gzipSync(Buffer.alloc(200 * MIB, ' '))],
    ['deflate', deflateSync(Buffer.alloc(200 * MIB, ' '))],
    ['br', brotliCompressSync(Buffer.alloc(200 * MIB, ' '), quick)],
    ['gzip', gzipSync(gzipSync(Buffer.alloc(200 * MIB, ' ')))],
  ])(
    'as a bomb of %s is cut off',
    async (encoding, bomb) => {
      const { cost, status } = await costOf(() => send('', bomb, encoding));
      expect([400, 413]).toContain(status);
      expect(cost).toBeLessThan(MOST_CPU_MS);
    },
    60_000,
  );
});
