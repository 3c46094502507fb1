import type { EmbeddedPostgres } from '@libs/embedded';
import { rmSync } from 'node:fs';

// Jest loads setup and teardown separately, in one process: what the one made travels to the other on the process.
const holder = process as NodeJS.Process & {
  moneyflowTestServer?: { server: EmbeddedPostgres; dataDir: string };
};

export function keepForTeardown(server: EmbeddedPostgres, dataDir: string): void {
  holder.moneyflowTestServer = { server, dataDir };
}

export async function stopTestServer(): Promise<void> {
  const kept = holder.moneyflowTestServer;
  if (!kept) return;
  holder.moneyflowTestServer = undefined;
  await kept.server.stop();
  rmSync(kept.dataDir, { recursive: true, force: true });
}
