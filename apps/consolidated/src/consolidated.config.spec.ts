import { ConfigError } from '@libs/config';
import { consolidatedConfig } from './consolidated.config';

const given = {
  DATABASE_URL: 'postgres://consolidated_api:x@localhost/moneyflow',
  DATABASE_WORKER_URL: 'postgres://consolidated_worker:x@localhost/moneyflow',
  EVENT_LOG_URL: 'postgres://event_log:x@localhost/moneyflow',
  REDIS_URL: 'redis://localhost',
  API_KEY_SECRET: 'a secret for tests, thirty-two characters at least',
};

describe('consolidatedConfig', () => {
  it('caches for ten minutes and listens on 3003 by default', () => {
    expect(consolidatedConfig.parse(given)).toMatchObject({ cacheTtlSeconds: 600, http: { port: 3003 } });
  });

  it.each(['CONSOLIDATED_CACHE_TTL', 'CACHE_TTL'])('takes the time to live from %s', (name) => {
    expect(consolidatedConfig.parse({ ...given, [name]: '30' }).cacheTtlSeconds).toBe(30);
  });

  it('names everything that is missing', () => {
    expect(() => consolidatedConfig.parse({})).toThrow(ConfigError);
    expect(() => consolidatedConfig.parse({})).toThrow(
      /DATABASE_URL[^]*DATABASE_WORKER_URL[^]*REDIS_URL[^]*EVENT_LOG_URL/,
    );
  });
});
