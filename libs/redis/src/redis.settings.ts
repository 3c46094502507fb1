import { derived, integer, SettingProblem, string, url } from '@libs/config';

export interface RedisSettings {
  /** Absent: the in-process twins. */
  readonly url?: string;
  readonly commandTimeoutMs?: number;
}

/** REDIS_URL, or REDIS_HOST with REDIS_PORT; neither means the in-process twins, good for a single process only. */
export function redisSettings() {
  return {
    url: derived(
      {
        url: url('REDIS_URL', {
          protocols: ['redis', 'rediss'],
          optional: true,
          example: 'redis://localhost:6379',
          about:
            'Redis for caches, limits and one-time values (rediss:// for TLS). Without it each process keeps its own, which is right for one process only.',
        }),
        host: string('REDIS_HOST', {
          optional: true,
          example: 'localhost',
          about: 'Redis by host, where REDIS_URL is not given.',
        }),
        port: integer('REDIS_PORT', {
          default: 6379,
          min: 1,
          max: 65535,
          about: 'Goes with REDIS_HOST.',
        }),
      },
      (given): string | undefined => {
        if (given.url && given.host)
          throw new SettingProblem('are two ways to say one thing: give REDIS_URL or REDIS_HOST');
        return given.url ?? (given.host && `redis://${given.host}:${given.port}`);
      },
    ),
    commandTimeoutMs: integer('REDIS_COMMAND_TIMEOUT_MS', {
      default: 500,
      min: 10,
      max: 60_000,
      about: 'How long one Redis command may take, in milliseconds, before Redis counts as away.',
    }),
  };
}
