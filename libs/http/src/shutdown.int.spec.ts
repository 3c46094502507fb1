import { connect } from 'node:net';
import { Agent, request } from 'node:http';
import { probe, sampleApp, sampleListener, SETTINGS } from '../test/sample-app';
import { readinessOf } from './create-http-app';
import { HttpListener, listenHttp } from './listen-http';

type Listener = HttpListener & { port: number };

function ask(port: number, path: string, agent: Agent): Promise<{ status: number; closes: boolean }> {
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, agent }, (response) => {
      response.resume();
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, closes: response.headers.connection === 'close' }),
      );
    })
      .on('error', reject)
      .end();
  });
}

/** A request that has arrived: until then nothing is open that a close could wait for. */
async function arrived(sent: number): Promise<void> {
  while (probe.calls === sent) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('closing a listener', () => {
  afterEach(() => Object.assign(probe, { delayMs: 0 }));

  it('finishes every open request under load, then refuses connections', async () => {
    const listener: Listener = await sampleListener();
    const agent = new Agent({ keepAlive: true, maxSockets: 50 });
    probe.delayMs = 20;
    const outcomes = { ok: 0, refused: 0, broken: [] as string[] };
    let closed = false;
    const load = Array.from({ length: 50 }, async () => {
      for (;;) {
        const wasClosed = closed;
        try {
          const { status } = await ask(listener.port, '/api/v1/things/slow', agent);
          if (status === 200) outcomes.ok++;
          else outcomes.broken.push(String(status));
        } catch (error) {
          const { code = '' } = error as NodeJS.ErrnoException;
          // a kept-alive connection closed between two requests: nothing was answered, nothing accepted
          if (code === 'ECONNREFUSED' || code === 'ECONNRESET') outcomes.refused++;
          else outcomes.broken.push(code);
          if (wasClosed || code === 'ECONNREFUSED') return;
        }
      }
    });
    while (outcomes.ok < 200) await new Promise((resolve) => setTimeout(resolve, 10));
    const started = Date.now();
    await listener.close();
    closed = true;
    await Promise.all(load);
    agent.destroy();
    expect(outcomes.broken).toEqual([]);
    expect(outcomes.ok).toBeGreaterThanOrEqual(200);
    expect(Date.now() - started).toBeLessThan(5_000); // it may take six
  });

  it('is unready at once, lets a slow request end and tells it to close', async () => {
    const listener = await sampleListener();
    const agent = new Agent({ keepAlive: true });
    probe.delayMs = 500;
    const { calls } = probe;
    const slow = ask(listener.port, '/api/v1/things/slow', agent);
    await arrived(calls);
    const closing = listener.close();
    expect((await slow).status).toBe(200);
    await closing;
    agent.destroy();
  });

  it('does not wait for connections that ask nothing', async () => {
    const listener = await sampleListener();
    const socket = connect(listener.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const started = Date.now();
    await listener.close();
    expect(Date.now() - started).toBeLessThan(5_000);
    socket.destroy();
  });

  it('cuts a request that outlives the timeout', async () => {
    const listener = await sampleListener([], { shutdownTimeoutMs: 200 });
    probe.delayMs = 1_500;
    const { calls } = probe;
    const cut = ask(listener.port, '/api/v1/things/slow', new Agent()).then(
      () => 'answered',
      (error: NodeJS.ErrnoException) => error.code,
    );
    await arrived(calls);
    await listener.close();
    expect(await cut).toBe('ECONNRESET');
  });

  it('closes once, however often it is asked', async () => {
    const listener = await sampleListener();
    await Promise.all([listener.close(), listener.close()]);
    await listener.close();
  });
});

describe('a draining application', () => {
  it('is not ready, and asks kept-alive connections to close', async () => {
    const app = await sampleApp();
    const listener = await listenHttp(app, [], SETTINGS);
    readinessOf(app).draining = true;
    const ready = await fetch(`${listener.url}/health/ready`);
    expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close']);
    expect(await ready.json()).toMatchObject({ status: 'draining' });
    expect((await fetch(`${listener.url}/api/v1/things/7`)).status).toBe(200);
    await listener.close();
  });
});

describe('several applications behind one listener', () => {
  it('are chosen by path, alias and encoding included, each with its own health of mind', async () => {
    const main = await sampleApp([], {}, { name: 'main' });
    const things = await sampleApp([], {}, { name: 'things' });
    const listener = await listenHttp(main, [{ app: things, prefixes: ['/api/v1/things'] }], SETTINGS);
    const url = listener.url;
    expect((await fetch(`${url}/api/things/7`)).status).toBe(200);
    expect((await fetch(`${url}/api/thingsx/7`)).status).toBe(404);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toMatch(/app="things",method="GET",route="\/api\/v1\/things\/:id",status="200"\} 1/);
    expect(text).toMatch(/app="main",method="GET",route="unmatched",status="404"\} 1/);
    await listener.close();
  });
});
