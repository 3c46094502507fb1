import { ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@libs/embedded';

export interface Running {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** The all-in-one; `dataDir` also tells how to reach its database. */
export interface RunningPlatform extends Running {
  dataDir: string;
}

/** Starts the bare Fastify baseline in a process of its own. */
export async function startBare(answerBytes: number): Promise<Running> {
  const child = fork(join(__dirname, 'bare-server.js'), [String(answerBytes)], { stdio: 'inherit' });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message: { port: number }) => resolve(message.port));
    child.once('exit', (code) => reject(new Error(`the baseline ended with ${code}`)));
  });
  return { url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, stop: () => stopped(child) };
}

/** Starts the all-in-one, as `npm start` would, on a data folder of its own and without rate limits. */
export async function startPlatform(env: Record<string, string> = {}): Promise<RunningPlatform> {
  const dataDir = mkdtempSync(join(tmpdir(), 'moneyflow-bench-'));
  const port = await freePort();
  const child = fork(join(__dirname, '../../apps/platform/src/main.js'), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: ['--max-semi-space-size=16'],
    env: {
      ...process.env,
      MALLOC_ARENA_MAX: '2',
      PORT: String(port),
      MONEYFLOW_DATA_DIR: dataDir,
      RATE_LIMIT_GENERAL_PER_MIN: '0',
      RATE_LIMIT_LOGIN_PER_15_MIN: '0',
      RATE_LIMIT_EVENTS_PER_MIN: '0',
      RATE_LIMIT_KEY_PER_MIN: '0',
      ...env,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  await ready(url, child);
  const stop = async (): Promise<void> => {
    await stopped(child);
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { url, pid: child.pid ?? 0, dataDir, stop };
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`the platform ended with ${child.exitCode}`);
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error('the platform did not get ready within 60 s');
}

export async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exit;
}
