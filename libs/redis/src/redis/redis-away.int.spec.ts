import { once } from 'node:events';
import { connect, createServer, Server, Socket } from 'node:net';
import { Test } from '@nestjs/testing';
import { startRedis } from '@libs/embedded';
import { configureLogging } from '@libs/logging';
import { describeWithRedis, eventually, freePort, testRedis } from '@libs/testing';
import { Cache } from '../cache';
import { ExpiringSet } from '../expiring-set';
import { OneTimeStore } from '../one-time-store';
import { RateLimiter } from '../rate-limiter';
import { RedisModule } from '../redis.module';
import { StoreHealth } from '../store-health';
import { StoreUnavailable } from '../store-unavailable';

// Far below every timeout, and generous to a busy machine.
const AT_ONCE = 500;

/** Every call of every port, as a caller makes it. */
const callsOn = (get: <T>(port: abstract new () => T) => T): Record<string, () => Promise<unknown>> => ({
  read: () => get(Cache).read('t', 'k'),
  fill: () => get(Cache).fill('t', 'k', 'v', 'x', 60),
  renew: () => get(Cache).renew(['t']),
  consume: () => get(RateLimiter).consume('k', 10, 60),
  claim: () => get(OneTimeStore).claim('k', 'h', 30),
  complete: () => get(OneTimeStore).complete('k', 't h', 'x', 60),
  release: () => get(OneTimeStore).release('k', 't h'),
  put: () => get(OneTimeStore).put('k', 'v', 60),
  take: () => get(OneTimeStore).take('k'),
  add: () => get(ExpiringSet).add('k', 'm', new Date(Date.now() + 1000)),
  snapshot: () => get(ExpiringSet).snapshot('k'),
  ping: () => get(StoreHealth).ping(),
});

async function appOn(url: string, commandTimeoutMs = 10_000) {
  const module = await Test.createTestingModule({
    imports: [RedisModule.forRoot({ url, commandTimeoutMs })],
  }).compile();
  await module.init();
  return { module, calls: callsOn((port) => module.get(port as never)) };
}

/** How long `call` took to fail as it should. */
async function refusedWithin(call: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await expect(call()).rejects.toBeInstanceOf(StoreUnavailable);
  return performance.now() - started;
}

describeWithRedis('a Redis that is away or slow', () => {
  beforeAll(() =>
    configureLogging({ level: 'silent', format: 'json', stdout: false, fileMegabytes: 1, files: 1 }),
  );

  it('fails every call at once when it is gone, and serves again within 5 s of its return', async () => {
    const port = await freePort();
    let server = await startRedis({ port });
    const { module, calls } = await appOn(server.url);
    for (const call of Object.values(calls)) await call();
    await server.stop();
    await eventually(() => expect(calls['ping']?.()).rejects.toBeInstanceOf(StoreUnavailable));
    for (const call of Object.values(calls)) expect(await refusedWithin(call)).toBeLessThan(AT_ONCE);

    await new Promise((resolve) => setTimeout(resolve, 3_000)); // long enough for the waits between tries to grow
    server = await startRedis({ port });
    const back = performance.now();
    await eventually(() => calls['ping']?.(), { within: 5_000 });
    expect(performance.now() - back).toBeLessThan(5_000);
    for (const call of Object.values(calls)) await call(); // its scripts went with it, too
    await module.close();
    await server.stop();
  });

  it('fails what is under way when the connection breaks, and repeats nothing', async () => {
    const server = await testRedis();
    const proxy = await DelayingProxy.to(server.port);
    const { module, calls } = await appOn(proxy.url, 30_000);
    proxy.delayMs = 60_000;
    const pending = Object.values(calls).map(refusedWithin);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const started = performance.now();
    proxy.cut();
    await Promise.all(pending);
    expect(performance.now() - started).toBeLessThan(10_000); // not the minute of the answer
    await module.close();
    await proxy.close();
    await server.stop();
  });

  it('gives up on a slow Redis after the command timeout, and serves again when it is quick', async () => {
    const server = await testRedis();
    const proxy = await DelayingProxy.to(server.port);
    const { module, calls } = await appOn(proxy.url, 300);
    proxy.delayMs = 2_500;
    const waits = await Promise.all(Object.values(calls).map(refusedWithin));
    expect(Math.max(...waits)).toBeLessThan(2_000);
    proxy.delayMs = 0;
    await eventually(() => calls['consume']?.());
    await module.close();
    await proxy.close();
    await server.stop();
  });

  it('fails at once while a frozen Redis keeps its connections, and serves again within 5 s', async () => {
    const server = await testRedis();
    const { module, calls } = await appOn(server.url, 1_000);
    process.kill(server.pid ?? 0, 'SIGSTOP');
    await refusedWithin(calls['ping'] ?? fail);
    await new Promise((resolve) => setTimeout(resolve, 2_500)); // the dead connection is noticed
    expect(await refusedWithin(calls['ping'] ?? fail)).toBeLessThan(AT_ONCE);
    process.kill(server.pid ?? 0, 'SIGCONT');
    await eventually(() => calls['ping']?.(), { within: 5_000 });
    await module.close();
    await server.stop();
  });

  it('boots without Redis, and finds it when it comes', async () => {
    const port = await freePort();
    const started = performance.now();
    const { module, calls } = await appOn(`redis://127.0.0.1:${port}`);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(await refusedWithin(calls['claim'] ?? fail)).toBeLessThan(AT_ONCE);
    const server = await startRedis({ port });
    await eventually(() => calls['claim']?.(), { within: 5_000 });
    await module.close();
    await server.stop();
  });

  it('serves the first call after boot, and each of several apps closes its own connections', async () => {
    const server = await testRedis();
    const first = await appOn(server.url);
    const second = await appOn(server.url);
    await first.calls['read']?.();
    await first.module.close();
    await second.calls['read']?.();
    await second.module.close();
    const third = await appOn(server.url);
    expect(await connectionsOf(server.port)).toBe(1 + 1); // its own and this look
    await third.module.close();
    await server.stop();
  });
});

function fail(): never {
  throw new Error('no such call');
}

async function connectionsOf(port: number): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  socket.write('CLIENT LIST\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer.toString().match(/^id=/gm)?.length ?? 0;
}

/** Passes bytes on, answers `delayMs` late. */
class DelayingProxy {
  delayMs = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async to(port: number): Promise<DelayingProxy> {
    const server = createServer((client) => proxy.pass(client, connect(port, '127.0.0.1')));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address() as { port: number };
    const proxy = new DelayingProxy(server, `redis://127.0.0.1:${address.port}`);
    return proxy;
  }

  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private pass(client: Socket, redis: Socket): void {
    client.on('data', (bytes) => redis.write(bytes));
    redis.on('data', (bytes) => {
      if (this.delayMs === 0) client.write(bytes);
      else setTimeout(() => client.write(bytes), this.delayMs).unref();
    });
    for (const [socket, other] of [
      [client, redis],
      [redis, client],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => other.destroy());
    }
  }
}
