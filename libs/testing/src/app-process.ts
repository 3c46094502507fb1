import { ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isConnectionFailure } from './api-client';

/** Where the build is: tests and benchmarks run from the root of the checkout. */
const DIST = join(process.cwd(), 'dist');
const READY_WITHIN_MS = 60_000;
/** Code that one process has compiled the next need not: tests start hundreds, and half of a start's CPU was that. */
const COMPILED = join(process.cwd(), '.cache/compiled');

export interface AppOptions {
  /** Below `dist`, such as `apps/auth/src/main.js`. */
  entry: string;
  env: Record<string, string>;
  /** Polled until it answers 200; a worker without HTTP is ready when this is absent and the process lives. */
  readyUrl?: string;
  args?: string[];
}

/** One of our applications in an operating-system process of its own, started from the build. */
export class AppProcess {
  private output = '';

  private constructor(
    readonly options: AppOptions,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-20_000)));
    }
  }

  /** Starts it and waits until it is ready. @throws Error with the end of its output when it ends or stays silent */
  static async start(options: AppOptions): Promise<AppProcess> {
    const app = AppProcess.launch(options);
    await app.ready();
    return app;
  }

  /** Starts it and does not wait: a process that is meant to die may die before it is ready. */
  static launch(options: AppOptions): AppProcess {
    const child = spawn(process.execPath, [join(DIST, options.entry), ...(options.args ?? [])], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        NODE_ENV: 'production',
        NODE_COMPILE_CACHE: COMPILED,
        ...options.env,
      },
    });
    return new AppProcess(options, child);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  get signal(): NodeJS.Signals | null {
    return this.child.signalCode;
  }

  get exitCode(): number | null {
    return this.child.exitCode;
  }

  /** The last 20,000 characters it wrote. */
  get tail(): string {
    return this.output;
  }

  async ready(): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    let answer = { ok: false, text: 'nothing' };
    while (Date.now() < deadline) {
      if (!this.alive) throw new Error(`${this.options.entry} ended before it was ready:\n${this.tail}`);
      if (!this.options.readyUrl) return;
      answer = await answerOf(this.options.readyUrl);
      if (answer.ok) return;
      await sleep(50);
    }
    throw new Error(
      `${this.options.entry} was not ready within ${READY_WITHIN_MS / 1000} s, in which it had ${this.cpuSeconds} s of a processor; it answered ${answer.text}:\n${this.tail}`,
    );
  }

  /** What it has had so far: a machine that is busy gives little, and one that waits for something takes none. */
  private get cpuSeconds(): number | undefined {
    if (process.platform !== 'linux' || !this.alive) return undefined;
    // behind the name, which may have blanks: the state and ten more, then user and system time in hundredths of a second
    const [, rest = ''] = readFileSync(`/proc/${this.pid}/stat`, 'utf8').split(/\) (?!.*\) )/);
    const [user = 0, system = 0] = rest.split(' ').slice(11, 13).map(Number);
    return (user + system) / 100;
  }

  /** Resolves when the process has ended, for whatever reason. */
  async ended(): Promise<void> {
    if (this.alive) await new Promise((resolve) => this.child.once('exit', resolve));
  }

  async kill9(): Promise<void> {
    if (this.alive) this.child.kill('SIGKILL');
    await this.ended();
  }

  /** SIGTERM, and the time it took to end, in milliseconds. */
  async stop(): Promise<number> {
    const started = Date.now();
    if (this.alive) this.child.kill('SIGTERM');
    await this.ended();
    return Date.now() - started;
  }
}

async function answerOf(url: string): Promise<{ ok: boolean; text: string }> {
  try {
    const response = await fetch(url);
    return { ok: response.ok, text: await response.text() };
  } catch (error) {
    if (isConnectionFailure(error)) return { ok: false, text: 'nothing' }; // nothing listens yet
    throw error;
  }
}
