import { fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@libs/embedded';
import { Running, stopped } from '../processes';
import { FilledDatabase, PSEUDONYM_SECRET } from './filled-database';

/** The reports' API in a process of its own, as `npm run start:analytics` would, without rate limits. */
export async function startReportsApi(
  filled: FilledDatabase,
  { redisUrl, cacheSeconds }: { redisUrl: string; cacheSeconds: number },
): Promise<Running> {
  const port = await freePort();
  const child = fork(join(__dirname, '../../../apps/analytics/src/main.js'), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: ['--max-semi-space-size=8'],
    env: {
      ...process.env,
      PORT: String(port),
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      DATABASE_URL: filled.as('analytics_api'),
      EVENT_LOG_URL: filled.as('event_log'),
      REDIS_URL: redisUrl,
      CACHE_TTL: String(cacheSeconds),
      AUTH_JWKS_URL: 'http://127.0.0.1:9/.well-known/jwks.json', // asked by key, never by token
      API_KEY_SECRET: PSEUDONYM_SECRET,
      EVENT_PSEUDONYM_SECRET: PSEUDONYM_SECRET,
      WEBHOOK_SECRET: PSEUDONYM_SECRET,
      RATE_LIMIT_GENERAL_PER_MIN: '0',
      RATE_LIMIT_KEY_PER_MIN: '0',
    },
  });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`the reports' API ended with ${child.exitCode}`);
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.ok) return { url, pid: child.pid ?? 0, stop: () => stopped(child) };
    await sleep(100);
  }
  await stopped(child);
  throw new Error("the reports' API did not get ready within 30 s");
}
