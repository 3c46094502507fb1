import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import {
  redriveConfig as consolidatedRedrive,
  rebuildConfig,
} from '../../consolidated/src/consolidated.config';
import { rebuildConfig as analyticsRebuild } from '../../analytics/src/analytics.config';
import { redriveConfig as eventsRedrive } from '../../events/src/events.config';
import { releasesRedriveConfig } from '../../releases/src/releases.config';
import { writeOperatorFile } from './operator-file';

describe('the operator file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'operator-'));
  const path = join(folder, 'operator.env');
  afterAll(() => rmSync(folder, { recursive: true }));

  const services = {
    environment: {
      EVENT_LOG_URL: 'postgres://event_log:x@localhost/moneyflow',
      SQS_ENDPOINT: 'http://localhost:4566',
      SQS_RELEASES_QUEUE_URL: 'http://localhost:4566/0/releases',
      SQS_RELEASES_DLQ_URL: 'http://localhost:4566/0/releases-dlq',
    },
    roleUrl: (role: string) => `postgres://${role}:x@localhost/moneyflow`,
    described: [],
  };
  const secrets = {
    RELEASE_ID_SECRET: 'r'.repeat(32),
    AUTH_KEY_SECRET: 'a'.repeat(32),
    API_KEY_SECRET: 'k'.repeat(32),
    EVENT_PSEUDONYM_SECRET: 'p'.repeat(32),
    WEBHOOK_SECRET: 'w'.repeat(32),
  };
  writeOperatorFile(folder, services, secrets, {});
  const environment = parseEnv(readFileSync(path, 'utf8'));

  it('is for its owner alone', () => {
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['releases:redrive', () => releasesRedriveConfig.parse(environment).database.url, 'releases_worker'],
    ['consolidated:redrive', () => consolidatedRedrive.parse(environment).worker.url, 'consolidated_worker'],
    ['consolidated:rebuild', () => rebuildConfig.parse(environment).worker.url, 'consolidated_worker'],
    ['analytics:rebuild', () => analyticsRebuild.parse(environment).worker.url, 'analytics_worker'],
    ['events:redrive', () => eventsRedrive.parse(environment).worker.url, 'events_worker'],
  ])('has what %s needs, with the role that may', (_command, url, role) => {
    expect(new URL(url()).username).toBe(role);
  });

  it('sends what is redriven where the applications read: to the brokers that were given', () => {
    const elsewhere = mkdtempSync(join(folder, 'kafka-'));
    const given = {
      KAFKA_BROKERS: 'one:9092,two:9092',
      KAFKA_USERNAME: 'us',
      KAFKA_PASSWORD: 'pw',
      PATH: '/',
    };
    writeOperatorFile(elsewhere, services, secrets, given);
    const { messaging } = eventsRedrive.parse(
      parseEnv(readFileSync(join(elsewhere, 'operator.env'), 'utf8')),
    );
    expect(messaging).toMatchObject({ brokers: ['one:9092', 'two:9092'], username: 'us', password: 'pw' });
  });

  it('means the same to a shell, whatever a secret is made of', () => {
    const elsewhere = mkdtempSync(join(folder, 'shell-'));
    const secret = `a$HOME "b" \`id\` \\ 'c' ${'x'.repeat(20)}`;
    writeOperatorFile(elsewhere, services, { ...secrets, AUTH_KEY_SECRET: secret }, {});
    const script = `set -a; . '${join(elsewhere, 'operator.env')}'; printf %s "$AUTH_KEY_SECRET"`;
    expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(secret);
  });
});
