import { derived, integer, SettingProblem, string, url } from '@libs/config';

export interface RedisSettings {
  /** Absent: the in-process twins. */
  readonly url?: string;
  readonly commandTimeoutMs?: number;
}

/** Says that the in-process twins are meant. */
const IN_PROCESS = 'memory:';

/**
 * REDIS_URL, or REDIS_HOST with REDIS_PORT. The in-process twins are for one process that runs everything: between two,
 * a logout would not be heard and a posting not seen. So an app alone gets them only by REDIS_URL=memory:.
 * @param inProcessByDefault for a process that has no others beside it
 */
export function redisSettings({ inProcessByDefault = false } = {}) {
  return {
    url: derived(
      {
        url: url('REDIS_URL', {
          protocols: ['redis', 'rediss', 'memory'],
          optional: true,
          example: 'redis://localhost:6379',
          about:
            'Redis for caches, limits, one-time values and revoked sessions (rediss:// for TLS). `memory:` keeps them in the process, which is right for one process only, and is what npm start does without it.',
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
        if (given.url === IN_PROCESS) return undefined;
        const address = given.url ?? (given.host && `redis://${given.host}:${given.port}`);
        if (!address && !inProcessByDefault)
          throw new SettingProblem(`are absent: give REDIS_URL (${IN_PROCESS} for a single process)`);
        return address;
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
