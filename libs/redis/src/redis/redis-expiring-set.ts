import { randomUUID } from 'node:crypto';
import { Clock } from '@libs/kernel';
import { ExpiringMember, ExpiringSet, SetSnapshot } from '../expiring-set';
import { LocalMembers } from '../in-process/local-members';
import { LuaScript, RedisConnection, taggedKey } from './redis-connection';

// The revision outlives the members: its absence says that Redis lost its memory.
const ADD = new LuaScript(`
  for i = 3, #ARGV, 2 do redis.call('ZADD', KEYS[1], 'GT', ARGV[i], ARGV[i + 1]) end
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[2])
  local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
  if last[2] then redis.call('PEXPIREAT', KEYS[1], last[2]) end
  redis.call('SET', KEYS[2], ARGV[1])
  return 1`);

const SNAPSHOT = new LuaScript(`
  local revision = redis.call('GET', KEYS[2]) or ''
  if revision ~= '' and revision == ARGV[1] then return { revision } end
  return { revision, redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[2], '+inf', 'WITHSCORES') }`);

/**
 * Keeps what it saw: nothing leaves such a set before it expires, so a Redis that lost its memory takes no member
 * away from a process that already knew it.
 */
export class RedisExpiringSet extends ExpiringSet {
  private readonly known = new Map<string, { revision: string; members: LocalMembers }>();

  constructor(
    private readonly redis: RedisConnection,
    private readonly clock: Clock,
  ) {
    super();
  }

  async addAll(key: string, members: readonly ExpiringMember[]): Promise<void> {
    if (members.length === 0) return;
    const pairs = members.flatMap(({ member, expiresAt }) => [expiresAt.getTime(), member]);
    await this.redis.run(ADD, keysOf(key), [randomUUID(), this.now(), ...pairs]);
  }

  async snapshot(key: string): Promise<SetSnapshot> {
    let known = this.known.get(key);
    const answer = await this.redis.run(SNAPSHOT, keysOf(key), [known?.revision ?? '', this.now()]);
    const [revision, pairs] = answer as [string, string[]?];
    if (!known) this.known.set(key, (known = { revision, members: new LocalMembers() }));
    if (pairs) {
      for (let i = 0; i + 1 < pairs.length; i += 2)
        known.members.add(pairs[i] as string, Number(pairs[i + 1]));
      known.revision = revision;
    }
    return { members: known.members.current(this.now()), revision };
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}

function keysOf(key: string): [string, string] {
  return [taggedKey('set', key, 'members'), taggedKey('set', key, 'revision')];
}
