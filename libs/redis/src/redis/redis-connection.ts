import { createHash } from 'node:crypto';
import { logger } from '@libs/logging';
import { Redis, RedisOptions, ReplyError } from 'ioredis';
import { StoreUnavailable } from '../store-unavailable';

const log = logger('redis');
// Answers of a server that is there but cannot serve now; any other refusal is a mistake of ours.
const NOT_NOW = /^(?:LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|OOM|NOREPLICAS|MISCONF)\b/;

/** What makes an absent Redis an error at once instead of a wait: the defaults keep a caller for 10 s. */
export function redisOptions(commandTimeoutMs = 500): RedisOptions {
  return {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    commandTimeout: commandTimeoutMs,
    // A connection that went dead without a word is given up, so that calls fail at once until it is back.
    socketTimeout: Math.max(commandTimeoutMs, 1_000),
    connectTimeout: 2_000,
    keepAlive: 10_000,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 5), 1_000),
    // What callers ask for in one turn of the event loop travels together.
    enableAutoPipelining: true,
  };
}

/** One connection, as the adapters use it: every call either answers or throws StoreUnavailable. */
export class RedisConnection {
  constructor(private readonly redis: Redis) {
    let away = false;
    redis.on('error', (error) => {
      if (!away) log.warn({ err: error }, 'redis is away');
      away = true;
    });
    redis.on('ready', () => {
      if (away) log.info('redis is back');
      away = false;
    });
  }

  /** @throws StoreUnavailable */
  async call<T>(command: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      return await command(this.redis);
    } catch (error) {
      if (error instanceof ReplyError && !NOT_NOW.test((error as Error).message)) throw error;
      throw new StoreUnavailable(error);
    }
  }

  /** Runs a script by its digest, sending its text only where the server does not know it. @throws StoreUnavailable */
  run(script: LuaScript, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return this.call(async (redis) => {
      try {
        return await redis.evalsha(script.sha1, keys.length, ...keys, ...args);
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
        return redis.eval(script.text, keys.length, ...keys, ...args);
      }
    });
  }

  async ping(): Promise<void> {
    await this.call((redis) => redis.ping());
  }

  /** Gives the first connection a moment, so that the first request finds it; an absent Redis stops no boot. */
  async settle(withinMs = 2_000): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (this.redis.status !== 'ready' && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 10));
  }

  close(): void {
    this.redis.disconnect();
  }
}

export class LuaScript {
  readonly sha1: string;
  constructor(readonly text: string) {
    this.sha1 = createHash('sha1').update(text).digest('hex');
  }
}

/**
 * A key whose hash tag is `owner`: all keys of one owner live on one node of a cluster, so scripts may touch them
 * together. Encoded, because a brace or colon of a caller must not make two keys one.
 */
export function taggedKey(kind: string, owner: string, part: string): string {
  return `moneyflow:${kind}:{${encodeURIComponent(owner)}}:${part}`;
}
