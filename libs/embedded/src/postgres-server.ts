import { ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { appendedSince, startError, StartFailure, whyItFailed } from './postgres-diagnosis';
import { livingPostmaster, shutDown } from './postgres-postmaster';
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
  private stopping = false;
  private watching?: Promise<void>;
  private readonly onExit = () => this.interrupt();

  constructor(private readonly options: ServerOptions) {}

  get pid(): number {
    return livingPostmaster(this.options.cluster)?.pid ?? this.child?.pid ?? 0;
  }

  /** @throws StartFailed */
  async start(): Promise<void> {
    await this.launch();
    process.on('exit', this.onExit);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    process.off('exit', this.onExit);
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
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    child.unref();
    await this.untilReady(cluster, child, from);
    this.watching = ended.then(() => this.mend());
  }

  private arguments(): string[] {
    const settings = { ...SETTINGS, port: String(this.options.port), ...this.options.settings };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    return ['-D', this.options.cluster, ...flags];
  }

  private async untilReady(cluster: string, child: ChildProcess, logFrom: number): Promise<void> {
    const begun = Date.now();
    let told = false;
    while (!(livingPostmaster(cluster)?.ready && livingPostmaster(cluster)?.pid === child.pid)) {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
        const log = appendedSince(this.options.logFile, logFrom);
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
    for (let attempt = 0; !this.stopping; attempt++) {
      await sleep(Math.min(100 * 2 ** attempt, 5000), undefined, { ref: false });
      if (this.stopping) return;
      if (livingPostmaster(this.options.cluster)) {
        await this.whileAdoptedLives();
        continue;
      }
      try {
        await this.launch();
        this.options.log('PostgreSQL had ended unasked and was started again');
        return;
      } catch (error) {
        if (!(error instanceof StartFailed)) throw error;
        this.options.log(
          startError(error.failure, error.log, this.options.dataDir, this.options.logFile).message,
        );
      }
    }
  }

  /** `pg_ctl restart` made a new one that is not our child: then it is that one we look after. */
  private async whileAdoptedLives(): Promise<void> {
    while (!this.stopping && livingPostmaster(this.options.cluster)) {
      await sleep(1000, undefined, { ref: false });
    }
  }

  /** A process that exits without stop() takes its database along. */
  private interrupt(): void {
    const pid = this.pid;
    if (pid > 1) process.kill(pid, 'SIGINT');
  }
}
