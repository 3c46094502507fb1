import { randomUUID } from 'node:crypto';
import { Clock } from '@libs/kernel';
import { Cache, CacheRead } from '../cache';
import { LuaScript, RedisConnection, taggedKey } from './redis-connection';

// Longer than any entry lives; a version that expires only costs a miss.
const VERSION_TTL_SECONDS = 7 * 24 * 3600;

const FILL = new LuaScript(`
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
  return 1`);

const versionKey = (scope: string): string => taggedKey('cache', scope, 'version');
const entryKey = (scope: string, key: string): string => taggedKey('cache', scope, `entry:${key}`);

/** An entry repeats its version and says when it was filled: `<version> <ms> <value>`. */
export class RedisCache extends Cache {
  constructor(
    private readonly redis: RedisConnection,
    private readonly clock: Clock,
  ) {
    super();
  }

  async read(scope: string, key: string): Promise<CacheRead> {
    const [version, entry] = await this.redis.call((redis) =>
      redis.mget(versionKey(scope), entryKey(scope, key)),
    );
    if (!version) return { version: await this.begin(scope) };
    if (!entry?.startsWith(`${version} `)) return { version };
    const valueAt = entry.indexOf(' ', version.length + 1);
    const filledAt = Number(entry.slice(version.length + 1, valueAt));
    const ageSeconds = Math.max(0, Math.floor((this.clock.now().getTime() - filledAt) / 1000));
    return { version, value: entry.slice(valueAt + 1), ageSeconds };
  }

  async fill(
    scope: string,
    key: string,
    version: string,
    value: string,
    ttlSeconds: number,
  ): Promise<boolean> {
    const entry = `${version} ${this.clock.now().getTime()} ${value}`;
    const keys = [versionKey(scope), entryKey(scope, key)];
    return (await this.redis.run(FILL, keys, [version, entry, Math.ceil(ttlSeconds * 1000)])) === 1;
  }

  async renew(scopes: readonly string[]): Promise<void> {
    // Sent together; each is atomic by itself, and no more is promised.
    await this.redis.call((redis) =>
      Promise.all(
        scopes.map((scope) => redis.set(versionKey(scope), randomUUID(), 'EX', VERSION_TTL_SECONDS)),
      ),
    );
  }

  private async begin(scope: string): Promise<string> {
    const mine = randomUUID();
    // Of two first readers one makes the version and both use it.
    const theirs = await this.redis.call((redis) =>
      redis.set(versionKey(scope), mine, 'EX', VERSION_TTL_SECONDS, 'NX', 'GET'),
    );
    return theirs ?? mine;
  }
}
