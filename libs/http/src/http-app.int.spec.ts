import { ThingController, probe, sampleListener } from '../test/sample-app';
import { HttpListener } from './listen-http';

let listener: HttpListener;
beforeAll(async () => {
  listener = await sampleListener([], {}, { ready: { postgres: async () => undefined } });
});
afterAll(() => listener.close());

const ask = (path: string, init: RequestInit = {}) =>
  fetch(listener.url.replace('localhost', '127.0.0.1') + path, init);
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const THING = { description: 'Venda de pão', amount: '12.34' };

describe('an application of createHttpApp', () => {
  it('serves a controller under /api/v1 and the alias /api', async () => {
    expect(ThingController).toBeDefined();
    for (const path of ['/api/v1/things/7', '/api/things/7'])
      expect(await (await ask(path)).json()).toEqual({ id: '7' });
    expect((await ask('/api/v2/things/7')).status).toBe(404);
    expect((await ask('/things/7')).status).toBe(404);
  });

  it('answers problems as application/problem+json with a code and the request id', async () => {
    const answer = await ask('/api/v1/nothing', { headers: { 'x-request-id': 'abc-1' } });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.headers.get('x-request-id')).toBe('abc-1');
    expect(await answer.json()).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      code: 'route_not_found',
      detail: 'No such resource.',
      requestId: 'abc-1',
    });
  });

  it('says which methods a path has', async () => {
    const answer = await ask('/api/things/7', { method: 'PUT' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('DELETE, GET, HEAD');
    expect(await answer.json()).toMatchObject({ code: 'method_not_allowed' });
  });

  it('tells nothing of the cause of an unexpected failure', async () => {
    const answer = await ask('/api/v1/things/failing');
    const body = await answer.text();
    expect(answer.status).toBe(500);
    expect(body).toContain('internal_error');
    expect(body).not.toContain('secret');
  });

  it('answers 503 with Retry-After when a dependency breaks under a request', async () => {
    probe.fail = Object.assign(new Error('terminating connection'), { code: '57P01' });
    const answer = await ask('/api/v1/things/failing');
    probe.fail = undefined;
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toMatchObject({ code: 'dependency_unavailable' });
  });

  it('makes a request id and a trace where the caller sent none, or an unusable one', async () => {
    for (const sent of ['', 'a b', 'x'.repeat(129), 'ü']) {
      const answer = await ask('/api/v1/things/7', {
        headers: { 'x-request-id': sent, traceparent: '00-zz-1-01' },
      });
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(answer.headers.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    }
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const answer = await ask('/api/v1/things/7', { headers: { traceparent } });
    expect(answer.headers.get('traceparent')).toBe(traceparent);
  });

  it('gives each of many simultaneous requests its own context, bodies read or not', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const ids = Array.from({ length: 100 }, (_, at) => `request-${at}`);
    const seen = await Promise.all(
      ids.map(async (id) => {
        const answer = await post('/api/v1/things/context', THING, { 'x-request-id': id, traceparent });
        return answer.json();
      }),
    );
    expect(seen).toEqual(ids.map((requestId) => ({ requestId, traceparent })));
  });

  it('refuses an unknown X-API-Version', async () => {
    expect((await ask('/api/things/7', { headers: { 'x-api-version': '1' } })).status).toBe(200);
    expect((await ask('/api/things/7', { headers: { 'x-api-version': 'v1' } })).status).toBe(200);
    const answer = await ask('/api/things/7', { headers: { 'x-api-version': '2' } });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      400,
      'unknown_api_version',
    ]);
  });

  it('sends the security headers on every answer, errors and malformed URLs included', async () => {
    for (const path of ['/api/v1/things/7', '/api/v1/none', '/%zz', '/health', '/api-docs']) {
      const { headers } = await ask(path);
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('strict-transport-security')).toContain('max-age=31536000');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  // A cache on the way may keep what says nothing about it: X-API-Key, unlike Authorization, keeps no answer from it.
  it('lets nobody keep an answer, but where a route says so', async () => {
    for (const path of ['/api/v1/things/7', '/api/v1/none', '/%zz', '/health', '/metrics'])
      expect([path, (await ask(path)).headers.get('cache-control')]).toEqual([path, 'no-store']);
  });

  it('compresses what is worth it', async () => {
    const big = await ask('/api/v1/things/big', { headers: { 'accept-encoding': 'br' } });
    expect(big.headers.get('content-encoding')).toBe('br');
    expect(((await big.json()) as { text: string }).text).toHaveLength(12_000);
    const gzip = await ask('/api/v1/things/big', { headers: { 'accept-encoding': 'gzip' } });
    expect(gzip.headers.get('content-encoding')).toBe('gzip');
    const small = await ask('/api/v1/things/7', { headers: { 'accept-encoding': 'br, gzip' } });
    expect(small.headers.get('content-encoding')).toBeNull();
  });
});

describe('a body', () => {
  it('is accepted when it fits its DTO', async () => {
    const answer = await post('/api/v1/things', {
      ...THING,
      occurredAt: '2026-11-22T03:00:00.000Z',
      metadata: { a: 1 },
    });
    expect(answer.status).toBe(202);
    expect(await answer.json()).toMatchObject({ amount: '12.34' });
  });

  it.each([
    [{ ...THING, amount: 12.34 }, 422, 'amount_not_a_string', 'amount'],
    [{ ...THING, amount: '12.3' }, 422, 'malformed_amount', 'amount'],
    [{ ...THING, amount: true }, 422, 'malformed_amount', 'amount'],
    [{ description: 'x' }, 400, 'missing_property', 'amount'],
    [{ ...THING, tenantId: 'x' }, 400, 'unknown_property', 'tenantId'],
    [{ ...THING, description: 7 }, 400, 'malformed_description', 'description'],
    [{ ...THING, description: null }, 400, 'malformed_description', 'description'],
    [{ ...THING, description: '   ' }, 400, 'malformed_description', 'description'],
    [{ ...THING, description: 'a\u0007' }, 400, 'malformed_description', 'description'],
    [{ ...THING, occurredAt: '2026-02-30T00:00:00Z' }, 400, 'malformed_instant', 'occurredAt'],
    [{ ...THING, occurredAt: null }, 400, 'malformed_instant', 'occurredAt'],
    [{ ...THING, metadata: [] }, 400, 'malformed_metadata', 'metadata'],
    [{ ...THING, hasOwnProperty: 1 }, 400, 'unknown_property', 'hasOwnProperty'],
    [{ ...THING, toString: 'x' }, 400, 'unknown_property', 'toString'],
    [{ ...THING, constructor: 'x' }, 400, 'unknown_property', 'constructor'],
    [[THING], 400, 'malformed_body', ''],
    ['null', 400, 'malformed_body', ''],
    ['"text"', 400, 'malformed_body', ''],
    ['7', 400, 'malformed_body', ''],
  ])('%j is %d %s', async (body, status, code, path) => {
    const answer = await post('/api/v1/things', body);
    expect(await answer.json()).toMatchObject({ status, code, errors: [{ path, code }] });
    expect(answer.status).toBe(status);
  });

  it('is told every problem with its place', async () => {
    const answer = await post('/api/v1/things/batch', {
      items: [THING, { ...THING, amount: 1 }, { amount: '1.00', x: 1 }],
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      code: 'malformed_request',
      errors: [
        { path: 'items.1.amount', code: 'amount_not_a_string' },
        { path: 'items.2.x', code: 'unknown_property' },
        { path: 'items.2.description', code: 'missing_property' },
      ],
    });
  });

  it.each([
    [{ items: [null] }],
    [{ items: [[]] }],
    [{ items: [7] }],
    [{ items: {} }],
    [{ items: 'x' }],
    [{ items: [[THING]] }],
  ])('with odd nesting %j is 400', async (body) => {
    expect((await post('/api/v1/things/batch', body)).status).toBe(400);
  });

  it.each([
    '/api/v1/things?limit=0',
    '/api/v1/things?limit=x',
    '/api/v1/things?limit=1&limit=2',
    '/api/v1/things?from=2026-02-30',
    '/api/v1/things?cursor=%25',
    '/api/v1/things?nope=1',
    '/api/v1/things?__proto__=1',
    '/api/v1/things?constructor=1',
    '/api/v1/things?from=%00',
    '/api/v1/things/%00',
  ])('GET %s is 400', async (path) => {
    const answer = await ask(path);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { code: string }).code).toMatch(/^[a-z_]+$/);
  });

  it('has defaults in a query', async () => {
    expect(await (await ask('/api/v1/things?from=2026-02-28')).json()).toMatchObject({
      limit: 50,
      from: '2026-02-28',
    });
    expect(await (await ask('/api/v1/things?limit=7')).json()).toMatchObject({ limit: 7 });
  });
});

describe('cross-origin requests', () => {
  const preflight = (origin: string) =>
    ask('/api/v1/things', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });

  it('are allowed to the allow-list', async () => {
    const answer = await preflight('https://app.example.com');
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect(answer.headers.get('access-control-allow-headers')).toContain('Idempotency-Key');
    expect(answer.headers.get('vary')).toContain('Origin');
  });

  it('are named to nobody else', async () => {
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
    const answer = await ask('/api/v1/things/7', { headers: { origin: 'https://evil.example' } });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('operations', () => {
  it('tells its health and each dependency', async () => {
    expect(await (await ask('/health')).json()).toMatchObject({
      success: true,
      status: 'healthy',
      version: '1.2.3',
    });
    expect((await ask('/health/live')).status).toBe(200);
    expect(await (await ask('/health/ready')).json()).toEqual({
      status: 'ready',
      dependencies: { postgres: 'up' },
    });
  });

  it('counts requests by route pattern', async () => {
    await ask('/api/v1/things/some-id');
    const text = await (await ask('/metrics')).text();
    expect(text).toMatch(
      /http_request_duration_seconds_count\{app="sample",method="GET",route="\/api\/v1\/things\/:id",status="200"\} \d+/,
    );
    expect(text).not.toContain('some-id');
    expect(text).toContain('process_cpu_seconds_total');
  });

  it('shows its documentation from its own files', async () => {
    const page = await ask('/api-docs');
    const html = await page.text();
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(html).not.toMatch(/(?:src|href)=["']?(?:https?:)?\/\//);
    const scripts = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url ?? '');
    expect(scripts.length).toBeGreaterThan(3);
    for (const url of scripts)
      expect((await ask(new URL(url, 'http://x/api-docs').pathname)).status).toBe(200);
    expect(html).not.toMatch(/<script>/);
    const document = (await (await ask('/api-docs-json')).json()) as { paths: object };
    expect(Object.keys(document.paths)).toContain('/api/v1/things/{id}');
  });
});
