import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@libs/config';
import { messagingSettings } from './messaging.settings';

const read = (environment: Record<string, string>) =>
  defineConfig({ messaging: messagingSettings() }).parse(environment).messaging;

describe('messagingSettings', () => {
  it('takes Kafka where brokers are named', () => {
    expect(read({ KAFKA_BROKERS: 'a:9092, b:9092', EVENT_LOG_URL: 'postgres://x/y' }).brokers).toEqual([
      'a:9092',
      'b:9092',
    ]);
  });

  it('takes the PostgreSQL log where none are', () => {
    expect(read({ EVENT_LOG_URL: 'postgres://x/y' })).toMatchObject({ eventLogUrl: 'postgres://x/y' });
  });

  it('names both variables when neither is given', () => {
    expect(() => read({})).toThrow(/KAFKA_BROKERS.*EVENT_LOG_URL/s);
  });

  it('refuses a user without a password', () => {
    expect(() => read({ KAFKA_BROKERS: 'a:1', KAFKA_USERNAME: 'me' })).toThrow(/KAFKA_PASSWORD/);
  });

  it('reads the authority from a file or from the variable itself', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----';
    const file = join(mkdtempSync(join(tmpdir(), 'moneyflow-ca-')), 'ca.pem');
    writeFileSync(file, pem);
    expect(read({ KAFKA_BROKERS: 'a:1', KAFKA_SSL_CA: pem }).sslCa).toBe(pem);
    expect(read({ KAFKA_BROKERS: 'a:1', KAFKA_SSL_CA: file }).sslCa).toBe(pem);
    expect(() => read({ KAFKA_BROKERS: 'a:1', KAFKA_SSL_CA: '/nowhere.pem' })).toThrow(/cannot be read/);
  });
});
