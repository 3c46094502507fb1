import { InProcessRateLimiter, RateLimiter, StoreUnavailable } from '@libs/redis';
import { request } from 'node:http';
import { sampleListener } from '../../test/sample-app';
import { HttpListener } from '../listen-http';

type Answer = { status: number; headers: NodeJS.Dict<string | string[]> };

let listener: HttpListener & { port: number };
const start = async (limiter: RateLimiter, settings: Parameters<typeof sampleListener>[1], limits = {}) => {
  listener = await sampleListener([{ provide: RateLimiter, useValue: limiter }], settings, {
    rateLimits: limits,
  });
};
afterEach(async () => {
  await listener.close();
  jest.restoreAllMocks();
});

function ask(
  path: string,
  from = '127.0.0.1',
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(
      { port: listener.port, host: '127.0.0.1', localAddress: from, path, headers, method },
      (response) => {
        response.resume();
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }));
      },
    )
      .on('error', reject)
      .end();
  });
}
const many = (count: number, work: () => Promise<Answer>) => Promise.all(Array.from({ length: count }, work));
const admitted = (answers: Answer[]) => answers.filter((answer) => answer.status === 200).length;

describe('the general limit', () => {
  it('admits exactly its number from an address, and tells how it stands', async () => {
    await start(new InProcessRateLimiter(), { rateLimitGeneralPerMin: 100 });
    const first = await ask('/api/v1/things/1');
    expect(first.headers).toMatchObject({ 'ratelimit-limit': '100', 'ratelimit-remaining': '99' });
    const answers = await many(150, () => ask('/api/v1/things/1'));
    expect(admitted(answers)).toBe(99);
    const refused = await ask('/api/v1/things/1');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.headers['ratelimit-remaining']).toBe('0');
    expect((await ask('/api/v1/things/1', '127.0.0.2')).status).toBe(200);
    expect((await ask('/health')).status).toBe(200);
  });

  it('believes X-Forwarded-For only as far as TRUST_PROXY says', async () => {
    await start(new InProcessRateLimiter(), { rateLimitGeneralPerMin: 5 });
    let at = 0;
    const spoofed = () => ask('/api/v1/things/1', '127.0.0.1', { 'x-forwarded-for': `10.0.0.${at++}` });
    expect(admitted(await many(20, spoofed))).toBe(5);
    await listener.close();

    await start(new InProcessRateLimiter(), { rateLimitGeneralPerMin: 5, trustProxy: 1 });
    const own = () => ask('/api/v1/things/1', '127.0.0.1', { 'x-forwarded-for': `10.9.9.${at++}, 10.0.0.1` });
    expect(admitted(await many(20, own))).toBe(5);
    expect((await ask('/api/v1/things/1', '127.0.0.1', { 'x-forwarded-for': '10.0.0.2' })).status).toBe(200);
  });

  it('opens while its store is away', async () => {
    const limiter = new InProcessRateLimiter();
    jest.spyOn(limiter, 'consume').mockRejectedValue(new StoreUnavailable());
    await start(limiter, { rateLimitGeneralPerMin: 1 });
    expect(admitted(await many(5, () => ask('/api/v1/things/1')))).toBe(5);
  });
});

describe('@RateLimit', () => {
  const login = () => ask('/api/v1/things/login', '127.0.0.1', {}, 'POST');

  it('limits its route alone', async () => {
    await start(new InProcessRateLimiter(), { rateLimitGeneralPerMin: 1000 });
    expect(admitted(await many(12, login))).toBe(5);
    expect((await ask('/api/v1/things/1')).status).toBe(200);
  });

  it('takes its number from the environment, 0 switching it off', async () => {
    await start(new InProcessRateLimiter(), {}, { login: 3 });
    expect(admitted(await many(12, login))).toBe(3);
    await listener.close();
    await start(new InProcessRateLimiter(), {}, { login: 0 });
    expect(admitted(await many(12, login))).toBe(12);
  });

  it('falls to a stricter count of this process while the store is away', async () => {
    const limiter = new InProcessRateLimiter();
    jest.spyOn(limiter, 'consume').mockRejectedValue(new StoreUnavailable());
    await start(limiter, {});
    expect(admitted(await many(12, login))).toBe(3);
  });
});
