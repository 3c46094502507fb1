import {
  DynamicModule,
  Injectable,
  Module,
  OnApplicationShutdown,
  OnModuleInit,
  Provider,
} from '@nestjs/common';
import { SystemClock } from '@libs/kernel';
import { getRedisConnectionToken, RedisModule as IoredisModule } from '@nestjs-modules/ioredis';
import { Redis } from 'ioredis';
import { Cache } from './cache';
import { ExpiringSet } from './expiring-set';
import { InProcessCache } from './in-process/in-process-cache';
import { InProcessExpiringSet } from './in-process/in-process-expiring-set';
import { InProcessOneTimeStore } from './in-process/in-process-one-time-store';
import { InProcessRateLimiter } from './in-process/in-process-rate-limiter';
import { OneTimeStore } from './one-time-store';
import { RateLimiter } from './rate-limiter';
import { RedisSettings } from './redis.settings';
import { RedisCache } from './redis/redis-cache';
import { RedisConnection, redisOptions } from './redis/redis-connection';
import { RedisExpiringSet } from './redis/redis-expiring-set';
import { RedisOneTimeStore } from './redis/redis-one-time-store';
import { RedisRateLimiter } from './redis/redis-rate-limiter';
import { StoreHealth } from './store-health';

const PORTS = [Cache, RateLimiter, OneTimeStore, ExpiringSet, StoreHealth];
const clock = new SystemClock();

/** Cache, RateLimiter, OneTimeStore, ExpiringSet and StoreHealth: on Redis where there is a URL, else in this process. */
@Module({})
export class RedisModule {
  static forRoot(settings: RedisSettings): DynamicModule {
    if (!settings.url) return { module: RedisModule, providers: inProcess(), exports: PORTS };
    return {
      module: RedisModule,
      imports: [
        IoredisModule.forRoot({
          type: 'single',
          url: settings.url,
          options: redisOptions(settings.commandTimeoutMs),
        }),
      ],
      providers: [
        {
          provide: RedisConnection,
          inject: [getRedisConnectionToken()],
          useFactory: (redis: Redis) => new RedisConnection(redis),
        },
        RedisLifecycle,
        onRedis(Cache, (redis) => new RedisCache(redis, clock)),
        onRedis(RateLimiter, (redis) => new RedisRateLimiter(redis)),
        onRedis(OneTimeStore, (redis) => new RedisOneTimeStore(redis)),
        onRedis(ExpiringSet, (redis) => new RedisExpiringSet(redis, clock)),
        onRedis(StoreHealth, (redis) => redis),
      ],
      exports: PORTS,
    };
  }
}

@Injectable()
class RedisLifecycle implements OnModuleInit, OnApplicationShutdown {
  constructor(private readonly connection: RedisConnection) {}

  async onModuleInit(): Promise<void> {
    await this.connection.settle();
  }

  // The wrapped module forgets its connections once the first of several apps in a process shuts down.
  onApplicationShutdown(): void {
    this.connection.close();
  }
}

function onRedis<T>(port: abstract new () => T, make: (redis: RedisConnection) => T): Provider {
  return { provide: port, inject: [RedisConnection], useFactory: make };
}

// Shared by all apps of the process, as one Redis would be: auth writes the deny list that the others read.
let shared: Provider[] | undefined;

function inProcess(): Provider[] {
  return (shared ??= [
    { provide: Cache, useValue: new InProcessCache(clock) },
    { provide: RateLimiter, useValue: new InProcessRateLimiter() },
    { provide: OneTimeStore, useValue: new InProcessOneTimeStore(clock) },
    { provide: ExpiringSet, useValue: new InProcessExpiringSet(clock) },
    { provide: StoreHealth, useValue: { ping: () => Promise.resolve() } },
  ]);
}
