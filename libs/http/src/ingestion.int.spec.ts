import { gzipSync } from 'node:zlib';
import { InProcessRateLimiter, RateLimiter } from '@libs/redis';
import { sampleListener } from '../test/sample-app';
import { HttpListener } from './listen-http';
import { Problem } from './problem';

let listener: HttpListener & { port: number };
const start = async (general = 0) => {
  const limiter = new InProcessRateLimiter();
  listener = await sampleListener([{ provide: RateLimiter, useValue: limiter }], {
    rateLimitGeneralPerMin: general,
  });
};
afterEach(() => listener.close());

const JSON_TYPE = { 'content-type': 'application/json' };
const KNOWN = { 'x-test-known': 'estrela' };

async function post(
  body: string | Buffer | ReadableStream,
  headers: Record<string, string> = {},
  path = '/api/v1/things/intake',
): Promise<{ status: number; headers: Headers; body: Problem & { body?: unknown; bytes?: number } }> {
  const answer = await fetch(`http://127.0.0.1:${listener.port}${path}`, {
    method: 'POST',
    body,
    headers,
    duplex: 'half',
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Problem };
}

describe('an ingestion route', () => {
  it('reads a compressed body, and knows its size', async () => {
    await start();
    const text = JSON.stringify({ text: 'saldo '.repeat(1_000) });
    const { status, body } = await post(gzipSync(text), {
      ...JSON_TYPE,
      ...KNOWN,
      'content-encoding': 'gzip',
    });
    expect(status).toBe(202);
    expect(body).toEqual({ body: JSON.parse(text), bytes: text.length });
    expect((await post('{"a":1}', { ...JSON_TYPE, ...KNOWN })).body.bytes).toBe(7);
  });

  it.each([
    ['a bomb', gzipSync(Buffer.alloc(64 * 1024 * 1024, ' ')), 'gzip', 413, 'body_too_large'],
    ['what is not compressed', '{"a":1}', 'gzip', 400, 'malformed_encoding'],
    ['nothing, compressed', gzipSync(''), 'gzip', 400, 'empty_body'],
    ['no JSON, compressed', gzipSync('{"a"'), 'gzip', 400, 'malformed_json'],
    ['bad UTF-8, compressed', gzipSync(Buffer.from([0x22, 0xff, 0x22])), 'gzip', 400, 'malformed_utf8'],
    ['an unknown encoding', '{}', 'zstd', 415, 'unsupported_content_encoding'],
    ['two encodings', gzipSync(gzipSync('{}')), 'gzip, gzip', 415, 'unsupported_content_encoding'],
  ])('refuses %s', async (_name, sent, encoding, status, code) => {
    await start();
    const answer = await post(sent, { ...JSON_TYPE, ...KNOWN, 'content-encoding': encoding });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('reads text as JSON where a key is in the URL, and nowhere else', async () => {
    await start();
    const text = { 'content-type': 'text/plain;charset=UTF-8', ...KNOWN };
    expect((await post('{"a":1}', text, '/api/v1/things/intake?key=k')).body.body).toEqual({ a: 1 });
    for (const path of [
      '/api/v1/things/intake',
      '/api/v1/things/intake?other=1',
      '/api/v1/things/login?key=k',
    ])
      expect((await post('{"a":1}', text, path)).body.code).toBe('unsupported_media_type');
    const latin = { 'content-type': 'text/plain; charset=iso-8859-1', ...KNOWN };
    expect((await post('{}', latin, '/api/v1/things/intake?key=k')).body.code).toBe('unsupported_charset');
  });

  it('does not count against the general limit of an address, whoever else does', async () => {
    await start(5);
    for (let turn = 0; turn < 20; turn += 1) {
      const { status, headers } = await post('{}', { ...JSON_TYPE, ...KNOWN });
      expect([status, headers.get('ratelimit-limit')]).toEqual([202, null]);
    }
    const others = await Promise.all(
      Array.from({ length: 8 }, () => post('{}', JSON_TYPE, '/api/v1/things/login')),
    );
    expect(others.filter(({ status }) => status === 429)).toHaveLength(3);
    expect((await post('{}', { ...JSON_TYPE, ...KNOWN })).status).toBe(202);
  });

  it('counts what nobody known sent, and then says so', async () => {
    await start(5);
    const strangers = [
      () => post('{}', JSON_TYPE),
      () => post('{"a"', JSON_TYPE),
      () => post('junk', { ...JSON_TYPE, ...KNOWN, 'content-encoding': 'br' }),
      () => post('{}', { ...JSON_TYPE, ...KNOWN, 'content-encoding': 'zstd' }),
      () => post('{}', JSON_TYPE),
    ];
    const codes: number[] = [];
    for (const stranger of strangers) codes.push((await stranger()).status);
    expect(codes).toEqual([401, 401, 400, 415, 401]);
    const refused = await post('{}', JSON_TYPE);
    expect(refused).toMatchObject({ status: 429, body: { status: 429, code: 'rate_limited' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.headers.get('www-authenticate')).toBeNull();
    // whoever is known goes on, and what is wrong with it is said
    expect((await post('{}', { ...JSON_TYPE, ...KNOWN })).status).toBe(202);
    expect((await post('{"a"', { ...JSON_TYPE, ...KNOWN })).body.code).toBe('malformed_json');
    expect((await post('{}', JSON_TYPE, '/api/v1/things/login')).status).toBe(429);
  });

  it('does not read much of what comes from an address that used its limit up so', async () => {
    await start(2);
    const large = JSON.stringify({ text: 'saldo '.repeat(12_000) });
    expect((await post(large, { ...JSON_TYPE, ...KNOWN })).status).toBe(202);
    for (let turn = 0; turn < 3; turn += 1) await post('{}', JSON_TYPE);
    const compressed = { ...JSON_TYPE, ...KNOWN, 'content-encoding': 'gzip' };
    for (const answer of [
      await post(large, { ...JSON_TYPE, ...KNOWN }),
      await post(gzipSync('{}'), compressed),
      await post(new Blob(['{}']).stream(), { ...JSON_TYPE, ...KNOWN }),
    ]) {
      expect(answer).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await post('{}', { ...JSON_TYPE, ...KNOWN })).status).toBe(202);
  });

  it('limits a caller by a plan of its own', async () => {
    await start();
    const planned = { ...JSON_TYPE, ...KNOWN, 'x-test-plan': '3' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('{}', planned)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(3);
    expect((await post('{}', { ...JSON_TYPE, ...KNOWN })).status).toBe(202);
  });
});
