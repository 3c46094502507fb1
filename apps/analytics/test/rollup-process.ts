import { AppProcess, TestDatabase } from '@libs/testing';
import { TEST_PSEUDONYM_SECRET } from './analytics-database';

/** The worker in a process of its own, for what only a process can suffer. `env` adds to what it is told, a failpoint included. */
export async function launchRollup(
  database: TestDatabase,
  env: { MONEYFLOW_FAILPOINT?: string; WEBHOOK_ALLOWED_NETWORKS?: string } = {},
): Promise<AppProcess> {
  return AppProcess.launch({
    entry: 'apps/analytics/src/rollup.js',
    env: {
      PORT: '0', // nobody asks it anything
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      DATABASE_URL: database.urlFor('analytics_worker'),
      DATABASE_RELAY_URL: database.urlFor('analytics_relay'),
      EVENT_LOG_URL: database.urlFor('event_log'),
      EVENT_PSEUDONYM_SECRET: TEST_PSEUDONYM_SECRET,
      WEBHOOK_SECRET: TEST_PSEUDONYM_SECRET,
      ...env,
    },
  });
}
