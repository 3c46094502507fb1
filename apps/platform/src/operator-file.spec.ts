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

  writeOperatorFile(
    folder,
    {
      environment: {
        EVENT_LOG_URL: 'postgres://event_log:x@localhost/moneyflow',
        SQS_ENDPOINT: 'http://localhost:4566',
        SQS_RELEASES_QUEUE_URL: 'http://localhost:4566/0/releases',
        SQS_RELEASES_DLQ_URL: 'http://localhost:4566/0/releases-dlq',
      },
      roleUrl: (role) => `postgres://${role}:x@localhost/moneyflow`,
      described: [],
    },
    {
      RELEASE_ID_SECRET: 'r'.repeat(32),
      AUTH_KEY_SECRET: 'a'.repeat(32),
      API_KEY_SECRET: 'k'.repeat(32),
      EVENT_PSEUDONYM_SECRET: 'p'.repeat(32),
      WEBHOOK_SECRET: 'w'.repeat(32),
    },
  );
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
});
