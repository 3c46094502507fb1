import { ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { appendedSince, startError, StartFailure, whyItFailed } from './postgres-diagnosis';
import { livingPostmaster, shutDown, signalled } from './postgres-postmaster';
import { UnprivilegedUser } from './unprivileged-user';

export interface ServerOptions {
  native: string;
  cluster: string;
  /** What the person knows the data by. */
  dataDir: string;
  user?: UnprivilegedUser;
  port: number;
  settings: Record<string, string>;
  logFile: string;
  log: (line: string) => void;
}

/** Small, for one machine that does other work too; durable: what is committed is on disk. */
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '64MB',
  max_connections: '150',
  max_wal_size: '512MB',
  checkpoint_timeout: '15min',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_parallel_workers_per_gather: '0',
  io_method: 'sync',
  // One call instead of opening a thousand files: recovery in 0.2 s instead of up to 3 s on a busy disk.
  ...(process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {}),
  jit: 'off',
  huge_pages: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  log_min_error_statement: 'panic', // statements carry customers' data
  log_line_prefix: '%m [%p] ',
};

/** Thrown by a start that may be tried in another way. */
export class StartFailed extends Error {
  constructor(
    readonly failure: StartFailure,
    readonly log: string,
  ) {
    super(failure);
  }
}

/** One postmaster, started by us, watched, and started again should it die. */
export class PostgresServer {
  private child?: ChildProcess;
  private readonly halt = new AbortController();
  private watching?: Promise<void>;
  private readonly onExit = () => this.interrupt();

  constructor(private readonly options: ServerOptions) {}

  /** 0 while there is none: the number of one that died may be anybody's by now. */
  get pid(): number {
    const child = this.child?.exitCode === null && this.child.signalCode === null ? this.child.pid : 0;
    return livingPostmaster(this.options.cluster)?.pid ?? child ?? 0;
  }

  /** @throws StartFailed */
  async start(): Promise<void> {
    await this.launch();
    process.on('exit', this.onExit);
  }

  async stop(): Promise<void> {
    this.halt.abort();
    process.off('exit', this.onExit);
    this.child?.ref(); // or Node might end while we wait for it
    await shutDown(this.pid);
    await this.watching;
  }

  private async launch(): Promise<void> {
    const { native, cluster, user, logFile } = this.options;
    const from = existsSync(logFile) ? statSync(logFile).size : 0;
    // A file, not a pipe: a busy event loop must not stop the server, nor a killed one break its log.
    const output = openSync(logFile, 'a', 0o600);
    // A group of its own: Ctrl-C in the terminal is for us, and the database goes last.
    const child = spawn(join(native, 'bin/postgres'), this.arguments(), {
      cwd: '/',
      detached: true,
      stdio: ['ignore', output, output],
      env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
      ...user,
    });
    closeSync(output);
    this.child = child;
    let refusal = '';
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', (error) => {
        refusal = `FATAL: ${error.message}`; // the system cannot even run it: a musl libc, a noexec mount
        resolve();
      });
    });
    child.unref();
    await this.untilReady(cluster, child, () => refusal || appendedSince(logFile, from));
    this.watching = ended.then(() => this.mend());
  }

  private arguments(): string[] {
    const settings = { ...SETTINGS, port: String(this.options.port), ...this.options.settings };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    return ['-D', this.options.cluster, ...flags];
  }

  private async untilReady(cluster: string, child: ChildProcess, logged: () => string): Promise<void> {
    const begun = Date.now();
    let told = false;
    while (!(livingPostmaster(cluster)?.ready && livingPostmaster(cluster)?.pid === child.pid)) {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
        await sleep(1); // the 'error' event comes a tick later
        const log = logged();
        throw new StartFailed(whyItFailed(log), log);
      }
      if (!told && Date.now() - begun > 5000) {
        told = true;
        this.options.log('PostgreSQL is recovering from a crash; this may take a while');
      }
      await sleep(15);
    }
  }

  /** The postmaster ended without being asked: somebody restarted it, or it was killed. */
  private async mend(): Promise<void> {
    for (let attempt = 0; await this.paused(Math.min(100 * 2 ** attempt, 5000)); attempt++) {
      if (livingPostmaster(this.options.cluster)) {
        // `pg_ctl restart` made a new one that is not our child: then it is that one we look after.
        while (livingPostmaster(this.options.cluster) && (await this.paused(1000)));
        continue;
      }
      try {
        await this.launch();
        this.options.log('PostgreSQL had ended unasked and was started again');
        return;
      } catch (error) {
        // Whatever it is (a full disk, say), it may pass: try again, and say so.
        const { dataDir, logFile, log } = this.options;
        log(
          error instanceof StartFailed
            ? startError(error.failure, error.log, dataDir, logFile).message
            : `PostgreSQL could not be started again: ${String(error)}`,
        );
      }
    }
  }

  /** Keeps no process alive. @returns false once we are to stop */
  private async paused(ms: number): Promise<boolean> {
    const { signal } = this.halt;
    try {
      await sleep(ms, undefined, { ref: false, signal });
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
  }

  /** A process that exits without stop() takes its database along. */
  private interrupt(): void {
    const pid = this.pid;
    if (pid > 1) signalled(pid, 'SIGINT');
  }
}
