import { ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';

const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--no-first-run',
  '--remote-debugging-port=0',
];
const READY_WITHIN_MS = 30_000;

/**
 * A real browser with a profile that outlives it, so that it can be killed and opened again. In a process group of its own:
 * SIGKILL reaches all of it and nothing else.
 */
export class Chromium {
  private constructor(
    readonly profile: string,
    private readonly child: ChildProcess,
    private readonly browser: Browser,
    readonly context: BrowserContext,
  ) {}

  /** @param profile of one that was closed or killed; a fresh one when absent */
  static async open(profile = mkdtempSync(join(tmpdir(), 'moneyflow-chromium-'))): Promise<Chromium> {
    const portFile = join(profile, 'DevToolsActivePort');
    rmSync(portFile, { force: true });
    for (const lock of ['SingletonLock', 'SingletonCookie', 'SingletonSocket'])
      rmSync(join(profile, lock), { force: true });
    const child = spawn(EXECUTABLE, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], {
      detached: true,
      stdio: 'ignore',
    });
    const failed = new Promise<never>((_, reject) => child.once('error', reject));
    const port = await Promise.race([portOf(child, portFile), failed]);
    const { chromium } = await import('playwright-core');
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    const [context] = browser.contexts();
    if (!context) throw new Error('Chromium has no context');
    return new Chromium(profile, child, browser, context);
  }

  newPage(): Promise<Page> {
    return this.context.newPage();
  }

  /** As another profile: nothing is shared with it, and nothing of it is kept. */
  newContext(): Promise<BrowserContext> {
    return this.browser.newContext();
  }

  /** As a power cut: the profile stays as it is. */
  async kill9(): Promise<void> {
    await end(this.child, 'SIGKILL');
  }

  /** Ends it and deletes its profile. */
  async close(): Promise<void> {
    await this.browser.close().catch((error: unknown) => {
      if (this.child.exitCode === null && this.child.signalCode === null) throw error; // it was killed before
    });
    await end(this.child, 'SIGKILL');
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function portOf(child: ChildProcess, portFile: string): Promise<string> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const port = existsSync(portFile) ? readFileSync(portFile, 'utf8').split('\n')[0] : '';
    if (port) return port;
    await sleep(50);
  }
  await end(child, 'SIGKILL');
  throw new Error(`${EXECUTABLE} did not start; apt-get install chromium, or name another in CHROMIUM`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-child.pid, signal);
  await gone;
}
