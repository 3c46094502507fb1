import { startEmbeddedPostgres } from '@libs/embedded';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEST_POSTGRES_VARIABLE } from './postgres';
import { keepForTeardown } from './test-server';

/**
 * Jest global setup of the int and e2e projects: one PostgreSQL for the whole run. Durability is off, the data is
 * thrown away; everything else is as in production.
 */
export default async function globalSetup(): Promise<void> {
  if (process.env[TEST_POSTGRES_VARIABLE]) return; // the other project's setup, or the developer, was first
  const dataDir = mkdtempSync(join(tmpdir(), 'moneyflow-test-'));
  chmodSync(dataDir, 0o755); // run by root, the server is another user's
  const server = await startEmbeddedPostgres({
    dataDir,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
  });
  process.env[TEST_POSTGRES_VARIABLE] = server.adminUrl;
  keepForTeardown(server, dataDir);
}
