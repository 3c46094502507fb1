import { Redis } from 'ioredis';
import { RedisConnection, redisOptions } from '../src/redis/redis-connection';
import { RedisRateLimiter } from '../src/redis/redis-rate-limiter';

/** One process of several that ask a limiter as fast as they can; prints when each admission was asked for and given. */
async function main(): Promise<void> {
  const [url = '', key = '', limit = '0', windowSeconds = '0', forMs = '0'] = process.argv.slice(2);
  const connection = new RedisConnection(new Redis(url, redisOptions(10_000)));
  await connection.settle(10_000);
  const limiter = new RedisRateLimiter(connection);
  const admitted: [number, number][] = [];
  let asked = 0;
  const until = Date.now() + Number(forMs);
  const ask = async (): Promise<void> => {
    while (Date.now() < until) {
      const before = Date.now();
      asked++;
      if ((await limiter.consume(key, Number(limit), Number(windowSeconds))).allowed)
        admitted.push([before, Date.now()]);
    }
  };
  await Promise.all(Array.from({ length: 8 }, ask));
  connection.close();
  process.stdout.write(JSON.stringify({ asked, admitted }));
}

void main();
