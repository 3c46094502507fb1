import { RateDecision, RateLimiter, SUB_BUCKETS } from '../rate-limiter';
import { LuaScript, RedisConnection, taggedKey } from './redis-connection';

// A hash of sub-bucket number → count. Time is the server's, so that many processes share one clock.
const CONSUME = new LuaScript(`
  local limit, width, parts = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
  local now = tonumber(ARGV[4])
  if not now then
    local time = redis.call('TIME')
    now = tonumber(time[1]) * 1000000 + tonumber(time[2])
  end
  local bucket = math.floor(now / width)
  local counts, order, gone, total = {}, {}, {}, 0
  local all = redis.call('HGETALL', KEYS[1])
  for i = 1, #all, 2 do
    local each = tonumber(all[i])
    -- far in the future: the clock was set back, and what it counted cannot be told from now
    if each < bucket - parts or each > bucket + parts then
      gone[#gone + 1] = all[i]
    else
      order[#order + 1] = each
      counts[each] = tonumber(all[i + 1])
      total = total + counts[each]
    end
  end
  if #gone > 0 then redis.call('HDEL', KEYS[1], unpack(gone)) end
  local allowed = total < limit
  if allowed then
    redis.call('HINCRBY', KEYS[1], string.format('%.0f', bucket), 1)
    redis.call('PEXPIRE', KEYS[1], math.ceil((parts + 1) * width / 1000))
    total = total + 1
    if not counts[bucket] then order[#order + 1] = bucket; counts[bucket] = 0 end
    counts[bucket] = counts[bucket] + 1
  end
  table.sort(order)
  local freed, leaves = 0, bucket
  for _, each in ipairs(order) do
    leaves = each
    freed = freed + counts[each]
    if allowed or total - freed < limit then break end
  end
  local wait = (leaves + parts + 1) * width - now
  return { allowed and 1 or 0, math.max(limit - total, 0), math.ceil(wait / 1000000) }`);

/** Exact across processes. `microseconds` stands in for Redis' TIME in tests that hold the clock. */
export class RedisRateLimiter extends RateLimiter {
  constructor(
    private readonly redis: RedisConnection,
    private readonly microseconds?: () => number,
  ) {
    super();
  }

  async consume(key: string, limit: number, windowSeconds: number): Promise<RateDecision> {
    const answer = await this.redis.run(
      CONSUME,
      [taggedKey('limit', key, String(windowSeconds))],
      [limit, (windowSeconds * 1_000_000) / SUB_BUCKETS, SUB_BUCKETS, this.microseconds?.() ?? ''],
    );
    const [allowed, remaining, reset] = answer as [number, number, number];
    return { allowed: allowed === 1, limit, remaining, resetSeconds: Math.max(1, reset) };
  }
}
