import { authConfig } from './auth.config';

const MINIMUM = {
  DATABASE_URL: 'postgres://auth_api:x@localhost/moneyflow',
  DATABASE_RELAY_URL: 'postgres://auth_relay:x@localhost/moneyflow',
  REDIS_URL: 'redis://localhost',
  SMTP_URL: 'smtp://localhost',
  KAFKA_BROKERS: 'localhost:9092',
  AUTH_KEY_SECRET: 'a secret of thirty-two characters or more',
  API_KEY_SECRET: 'another of thirty-two characters or more',
};

describe("auth's environment", () => {
  it('has defaults for the rest', () => {
    const config = authConfig.parse(MINIMUM);
    expect(config.http.port).toBe(3001);
    expect(config.tokens).toEqual({
      issuer: 'moneyflow-api',
      audience: 'moneyflow-client',
      jwksRefreshSeconds: 60,
    });
    expect(config.loginLimit).toBe(5);
  });

  it('names everything that is missing, at once', () => {
    expect(() => authConfig.parse({})).toThrow(
      /DATABASE_URL[^]*DATABASE_RELAY_URL[^]*REDIS_URL[^]*KAFKA_BROKERS[^]*AUTH_KEY_SECRET[^]*API_KEY_SECRET/,
    );
  });

  it('never repeats a secret', () => {
    const secret = 'too short a secret';
    expect(() => authConfig.parse({ ...MINIMUM, AUTH_KEY_SECRET: secret })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(secret) }),
    );
  });
});
