import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseEnv } from 'node:util';
import { Client } from 'pg';

const WITHIN_MS = 300_000;
const UNREAD = `
  select coalesce(sum(b.message_count), 0)::int as unread from event_log.group_offset o
  join event_log.batch b on b.topic = o.topic and b.position > o.position where o.topic = 'events'`;

/**
 * Waits until the sinks and analytics have stored every event that the house's log holds.
 * @returns seconds
 */
export async function caughtUp(dataDir: string): Promise<number> {
  const environment = parseEnv(readFileSync(join(dataDir, 'operator.env'), 'utf8'));
  const log = new Client({ connectionString: environment['EVENT_LOG_URL'] });
  const started = performance.now();
  const passed = (): number => performance.now() - started;
  await log.connect();
  try {
    while ((await unread(log)) > 0) {
      if (passed() > WITHIN_MS) throw new Error(`the stores did not catch up within ${WITHIN_MS} ms`);
      await sleep(250);
    }
    return passed() / 1_000;
  } finally {
    await log.end();
  }
}

async function unread(log: Client): Promise<number> {
  return (await log.query<{ unread: number }>(UNREAD)).rows[0]?.unread ?? 0;
}
