import { randomUUID } from 'node:crypto';
import { Claim, OneTimeStore } from '../one-time-store';
import { LuaScript, RedisConnection, taggedKey } from './redis-connection';

const CLAIM = new LuaScript(`
  local found = redis.call('HMGET', KEYS[1], 'hash', 'answer')
  if not found[1] then
    redis.call('HSET', KEYS[1], 'hash', ARGV[1], 'token', ARGV[2])
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
    return { 'claimed' }
  end
  if found[1] ~= ARGV[1] then return { 'mismatch' } end
  if found[2] then return { 'done', found[2] } end
  return { 'in_flight' }`);

const COMPLETE = new LuaScript(`
  local holder = redis.call('HMGET', KEYS[1], 'hash', 'token')
  if holder[1] and holder[2] ~= ARGV[2] then return 0 end
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'hash', ARGV[1], 'answer', ARGV[3])
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  return 1`);

const RELEASE = new LuaScript(`
  if redis.call('HGET', KEYS[1], 'token') == ARGV[1] then return redis.call('DEL', KEYS[1]) end
  return 0`);

const claimKey = (key: string): string => taggedKey('once', key, 'claim');
const valueKey = (key: string): string => taggedKey('once', key, 'value');
const ms = (seconds: number): number => Math.ceil(seconds * 1000);

export class RedisOneTimeStore extends OneTimeStore {
  constructor(private readonly redis: RedisConnection) {
    super();
  }

  async claim(key: string, inputHash: string, leaseSeconds: number): Promise<Claim> {
    // The token carries the hash, so that an answer can be kept though the lease ran out.
    const token = `${randomUUID()} ${inputHash}`;
    const answer = await this.redis.run(CLAIM, [claimKey(key)], [inputHash, token, ms(leaseSeconds)]);
    const [state, kept] = answer as [Claim['state'], string?];
    if (state === 'claimed') return { state, token };
    if (state === 'done') return { state, answer: kept ?? '' };
    return { state };
  }

  async complete(key: string, token: string, answer: string, ttlSeconds: number): Promise<void> {
    const inputHash = token.slice(token.indexOf(' ') + 1);
    await this.redis.run(COMPLETE, [claimKey(key)], [inputHash, token, answer, ms(ttlSeconds)]);
  }

  async release(key: string, token: string): Promise<void> {
    await this.redis.run(RELEASE, [claimKey(key)], [token]);
  }

  async put(key: string, value: string, ttlSeconds: number): Promise<void> {
    await this.redis.call((redis) => redis.set(valueKey(key), value, 'PX', ms(ttlSeconds)));
  }

  async take(key: string): Promise<string | undefined> {
    return (await this.redis.call((redis) => redis.getdel(valueKey(key)))) ?? undefined;
  }
}
