import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildProcess, spawn } from 'node:child_process';
import { SystemClock } from '@libs/kernel';
import { describeWithRedis, eventually, freePort, testRedis } from '@libs/testing';
import { Redis } from 'ioredis';
import { cacheContract } from '../cache.contract';
import { expiringSetContract } from '../expiring-set.contract';
import { oneTimeStoreContract } from '../one-time-store.contract';
import { rateLimiterContract } from '../rate-limiter.contract';
import { RedisCache } from './redis-cache';
import { RedisConnection, redisOptions } from './redis-connection';
import { RedisExpiringSet } from './redis-expiring-set';
import { RedisOneTimeStore } from './redis-one-time-store';
import { RedisRateLimiter } from './redis-rate-limiter';

const clock = new SystemClock();

function allContracts(connection: () => RedisConnection): void {
  describe('Cache', () => cacheContract(() => new RedisCache(connection(), clock)));
  describe('RateLimiter', () => rateLimiterContract((now) => new RedisRateLimiter(connection(), now)));
  describe('OneTimeStore', () => oneTimeStoreContract(() => new RedisOneTimeStore(connection())));
  describe('ExpiringSet', () => expiringSetContract(() => new RedisExpiringSet(connection(), clock)));
}

describeWithRedis('the stores on a real Redis', () => {
  let server: Awaited<ReturnType<typeof testRedis>>;
  let client: Redis;
  let connection: RedisConnection;

  beforeAll(async () => {
    server = await testRedis();
    client = new Redis(server.url, redisOptions(5_000));
    connection = new RedisConnection(client);
    await connection.settle();
  });
  afterAll(async () => {
    connection.close();
    await server.stop();
  });

  allContracts(() => connection);

  it('leaves nothing in Redis that never expires, but for the revisions of sets', async () => {
    const keys = await client.keys('*');
    const ttls = await Promise.all(keys.map((key) => client.pttl(key)));
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.filter((key, i) => ttls[i] === -1 && !key.endsWith(':revision'))).toEqual([]);
  });

  it('a set takes no member away when Redis loses its memory, and says so', async () => {
    const set = new RedisExpiringSet(connection, clock);
    await set.add('lost', 'a', new Date(Date.now() + 60_000));
    await set.snapshot('lost');
    await client.flushall();
    const { members, revision } = await set.snapshot('lost');
    expect([...members]).toEqual(['a']);
    expect(revision).toBe('');
    await set.add('lost', 'b', new Date(Date.now() + 60_000));
    expect([...(await set.snapshot('lost')).members].sort()).toEqual(['a', 'b']);
  });
});

describeWithRedis('the stores on a Redis cluster node, which refuses scripts over two slots', () => {
  let server: ChildProcess;
  let dir: string;
  let connection: RedisConnection;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'redis-cluster-'));
    const port = await freePort();
    const options = ['--bind', '127.0.0.1', '--save', '', '--dir', dir, '--cluster-enabled', 'yes'];
    server = spawn(
      'redis-server',
      ['--port', String(port), '--cluster-port', String(await freePort()), ...options],
      {
        stdio: 'ignore',
      },
    );
    const client = new Redis(port, '127.0.0.1', redisOptions(5_000));
    connection = new RedisConnection(client);
    await eventually(() => client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383'));
    await eventually(() => client.set('ready', '1'));
    await expect(client.mget('{a}', '{b}')).rejects.toThrow('CROSSSLOT');
  });
  afterAll(async () => {
    connection.close();
    const gone = new Promise((resolve) => server.once('exit', resolve));
    server.kill();
    await gone;
    await rm(dir, { recursive: true });
  });

  allContracts(() => connection);
});
