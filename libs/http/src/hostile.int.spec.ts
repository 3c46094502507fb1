import fc from 'fast-check';
import { connect } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { sampleListener } from '../test/sample-app';
import { HttpListener } from './listen-http';

let listener: HttpListener & { port: number };
const crashes: unknown[] = [];
const note = (error: unknown) => crashes.push(error);
beforeAll(async () => {
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
  listener = await sampleListener([], { requestTimeoutMs: 2_000 });
});
afterAll(async () => {
  await listener.close();
  process.off('uncaughtException', note);
  process.off('unhandledRejection', note);
});
afterEach(async () => {
  expect(crashes).toEqual([]);
  const answer = await fetch(`http://127.0.0.1:${listener.port}/health/live`);
  expect(answer.status).toBe(200);
});

/** Sends bytes as they are and returns everything that came back until the server closed or fell silent. */
function raw(bytes: Buffer | string, { silenceMs = 400, end = false } = {}): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(listener.port, '127.0.0.1');
    let text = '';
    let quiet = setTimeout(() => socket.destroy(), 5_000);
    socket.on('connect', () => (end ? socket.end(bytes) : socket.write(bytes)));
    socket.on('data', (data) => {
      text += data.toString('latin1');
      clearTimeout(quiet);
      quiet = setTimeout(() => socket.destroy(), silenceMs);
    });
    // a reset after the answer is the server's way to stop a client that still sends
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(quiet);
      resolve(text);
    });
  });
}

interface Parsed {
  status: number;
  code?: string;
  requestId?: string;
}
function parsed(text: string): Parsed {
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
  const body = text.slice(text.indexOf('\r\n\r\n') + 4);
  if (!body.startsWith('{')) return { status };
  return { ...(JSON.parse(body.slice(0, body.lastIndexOf('}') + 1)) as Parsed), status };
}

const PATH = '/api/v1/things';
function post(body: Buffer | string, headers: Record<string, string> = {}, path = PATH): Promise<string> {
  const bytes = Buffer.from(body);
  const all = {
    Host: 'x',
    Connection: 'close',
    'Content-Type': 'application/json',
    'Content-Length': String(bytes.length),
    ...headers,
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return raw(Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${head.join('')}\r\n`, 'latin1'), bytes]));
}
const THING = '{"description":"x","amount":"1.00"}';

describe('a hostile body', () => {
  it.each<[string, string | Buffer, Record<string, string>, number, string]>([
    ['over the limit by its Content-Length', Buffer.alloc(1_048_577, ' '), {}, 413, 'body_too_large'],
    ['empty', '', {}, 400, 'empty_body'],
    ['with a byte order mark', '\u{feff}' + THING, {}, 400, 'byte_order_mark'],
    ['of invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), {}, 400, 'malformed_utf8'],
    ['nested too deep', '['.repeat(50_000), {}, 400, 'too_deep'],
    ['nested 1 MiB deep', '{"a":'.repeat(200_000), {}, 400, 'too_deep'],
    ['with a duplicate key', '{"amount":"1.00","amount":"2.00","description":"x"}', {}, 400, 'duplicate_key'],
    ['with __proto__', '{"__proto__":{"a":1}}', {}, 400, 'forbidden_key'],
    ['with constructor.prototype', '{"constructor":{"prototype":{}}}', {}, 400, 'forbidden_key'],
    ['with NUL', '{"description":"\\u0000","amount":"1.00"}', {}, 400, 'forbidden_character'],
    ['with half a surrogate', '{"description":"\\ud800","amount":"1.00"}', {}, 400, 'forbidden_character'],
    ['with 1e999', '{"description":"x","amount":1e999}', {}, 400, 'number_out_of_range'],
    ['that is text', THING, { 'Content-Type': 'text/plain' }, 415, 'unsupported_media_type'],
    [
      'that is a form',
      'a=1',
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      415,
      'unsupported_media_type',
    ],
    ['without a usable type', THING, { 'Content-Type': ';;;' }, 415, 'unsupported_media_type'],
    ['in Latin-1', THING, { 'Content-Type': 'application/json; charset=latin1' }, 415, 'unsupported_charset'],
    ['in UTF-16', THING, { 'Content-Type': 'application/json;charset="utf-16"' }, 415, 'unsupported_charset'],
    ['compressed', THING, { 'Content-Encoding': 'gzip' }, 415, 'unsupported_content_encoding'],
    ['compressed twice', THING, { 'Content-Encoding': 'gzip, br' }, 415, 'unsupported_content_encoding'],
  ])('%s is refused', async (_name, body, headers, status, code) => {
    expect(parsed(await post(body, headers))).toMatchObject({
      status,
      code,
      requestId: expect.any(String) as string,
    });
  });

  it('in UTF-8, said so in any spelling, is taken', async () => {
    for (const type of [
      'application/json',
      'application/json; charset=UTF-8',
      'Application/JSON;charset="utf8"',
    ])
      expect(parsed(await post(THING, { 'Content-Type': type })).status).toBe(202);
  });

  it('over the limit in chunks is refused before it is all there', async () => {
    const head = `POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
    expect(parsed(await raw(head + chunk.repeat(20)))).toMatchObject({ status: 413, code: 'body_too_large' });
  });

  it('that stops half way is answered or closed in time', async () => {
    const started = Date.now();
    const head = `POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a":`;
    expect(parsed(await raw(head))).toMatchObject({ status: 408, code: 'request_timeout' });
    expect(Date.now() - started).toBeLessThan(4_500);
  });

  it('whose sender leaves half way harms nobody', async () => {
    const head = `POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a":`;
    await Promise.all(
      Array.from(
        { length: 50 },
        () =>
          new Promise<void>((resolve) => {
            const socket = connect(listener.port, '127.0.0.1', () =>
              socket.write(head, () => socket.resetAndDestroy()),
            );
            socket.on('error', () => socket.destroy());
            socket.on('close', () => resolve());
          }),
      ),
    );
  });
});

describe('hostile HTTP', () => {
  it.each<[string, string, number, string]>([
    [
      'a malformed URL',
      'GET /api/v1/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      400,
      'malformed_url',
    ],
    [
      'an overlong path part',
      `GET /api/v1/things/${'x'.repeat(300)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      414,
      'url_too_long',
    ],
    [
      'too large headers',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
    ['no Host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'malformed_http'],
    ['a bare LF', 'GET / HTTP/1.1\nHost: x\n\n', 400, 'malformed_http'],
    ['a CR in a header', 'GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\rb\r\n\r\n', 400, 'malformed_http'],
    ['a NUL in a header', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n', 400, 'malformed_http'],
    ['a space before the colon', 'GET / HTTP/1.1\r\nHost : x\r\n\r\n', 400, 'malformed_http'],
    ['a folded header', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n', 400, 'malformed_http'],
    [
      'two Content-Lengths',
      `POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
      400,
      'malformed_http',
    ],
    [
      'Content-Length and chunks',
      `POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'malformed_http',
    ],
    [
      'a negative length',
      `POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n`,
      400,
      'malformed_http',
    ],
    [
      'a wrong transfer coding',
      `POST ${PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
      415,
      'unsupported_media_type',
    ],
    [
      'a broken chunk size',
      `POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n`,
      400,
      'malformed_http',
    ],
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc', 400, 'malformed_http'],
    ['an unknown method', 'BREW /coffee HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'malformed_http'],
  ])('%s is refused', async (_name, request, status, code) => {
    expect(parsed(await raw(request))).toMatchObject({
      status,
      code,
      requestId: expect.any(String) as string,
    });
  });

  it('never reflects a line break of a header', async () => {
    const answer = await raw(
      'GET /health HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\r\nSet-Cookie: b=c\r\nConnection: close\r\n\r\n',
    );
    expect(answer.toLowerCase()).not.toContain('set-cookie');
  });

  it('smuggles no second request behind a refused one', async () => {
    const smuggled = 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n';
    const answer = await raw(
      `POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    );
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });

  it('closes a connection that never finishes its headers', async () => {
    const started = Date.now();
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => raw('GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ')),
    );
    expect(Date.now() - started).toBeLessThan(4_900);
    for (const answer of answers)
      expect(parsed(answer)).toMatchObject({ status: 408, code: 'request_timeout' });
  });

  it('answers odd methods without a fault', async () => {
    for (const method of ['TRACE', 'PROPFIND', 'SEARCH', 'QUERY', 'PURGE', 'OPTIONS', 'M-SEARCH']) {
      const { status } = parsed(
        await raw(`${method} ${PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
      );
      expect({ method, fault: status >= 500 || status === 0 }).toEqual({ method, fault: false });
    }
  });
});

const isFine = (status: number) => status >= 200 && status < 300;
const isRefused = (status: number) => status >= 400 && status < 500;

describe('generated hostility', () => {
  const bodies = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
    fc
      .record({ description: fc.anything(), amount: fc.anything() })
      .map((value) => Buffer.from(JSON.stringify(value) ?? '')),
    fc
      .tuple(fc.nat(400), fc.constantFrom('[', '{"a":', '[{"items":'))
      .map(([n, open]) => Buffer.from(open.repeat(n))),
    fc
      .tuple(fc.constantFrom('amount', 'description', 'metadata'), fc.jsonValue())
      .map(([key, value]) => Buffer.from(JSON.stringify({ description: 'x', amount: '1.00', [key]: value }))),
    fc
      .string({ unit: 'binary' })
      .map((text) => Buffer.from(JSON.stringify({ description: text, amount: '1.00' }))),
  );
  const paths = fc.oneof(
    fc.constantFrom(PATH, `${PATH}/batch`, '/api/things'),
    fc.string().map((text) => `${PATH}/${text.replace(/[^\x21-\x7e]/g, '%')}`),
    fc.string().map((text) => `${PATH}?limit=${text.replace(/[^\x21-\x7e]/g, '%')}&cursor=%ff`),
  );

  /** p99 of the event loop's delay in ms while `work` runs. */
  async function delayDuring(work: () => Promise<unknown>): Promise<number> {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    await work();
    delay.disable();
    return delay.percentile(99) / 1e6;
  }

  it('is never a fault, and the event loop stays free', async () => {
    // the clients run in this process too, and others on this machine: ordinary requests are the yardstick
    const ordinary = await delayDuring(async () => {
      for (let round = 0; round < 50; round++)
        await Promise.all(Array.from({ length: 20 }, () => post(THING)));
    });
    let sent = 0;
    const hostile = await delayDuring(() =>
      fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(bodies, paths), { minLength: 20, maxLength: 20 }),
          async (cases) => {
            const answers = await Promise.all(cases.map(([body, path]) => post(body, {}, path)));
            sent += answers.length;
            const faults = answers
              .map(parsed)
              .filter(({ status, code }) => !(isFine(status) || (isRefused(status) && code)));
            expect(faults).toEqual([]);
          },
        ),
        { numRuns: 150, endOnFailure: true },
      ),
    );
    expect(sent).toBeGreaterThanOrEqual(3_000);
    expect(hostile).toBeLessThan(Math.max(100, 2 * ordinary));
  });

  it('of raw bytes is answered 4xx or closed', async () => {
    const requests = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc
        .tuple(fc.constantFrom('GET', 'POST', 'HEAD', 'get', ''), fc.string(), fc.string(), fc.string())
        .map(([method, path, name, value]) =>
          Buffer.from(
            `${method} /${path} HTTP/1.1\r\nHost: x\r\n${name}: ${value}\r\nConnection: close\r\n\r\n`,
          ),
        ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(requests, { minLength: 20, maxLength: 20 }), async (cases) => {
        const answers = await Promise.all(cases.map((bytes) => raw(bytes, { end: true, silenceMs: 50 })));
        for (const answer of answers) expect(parsed(answer).status).toBeLessThan(500);
      }),
      { numRuns: 50, endOnFailure: true },
    );
  });
});
