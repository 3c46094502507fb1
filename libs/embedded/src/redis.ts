import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { EmbeddedServiceError } from './embedded-service-error';
import { freePort } from './free-port';
import { ServerProcess } from './server-process';

export interface LocalRedis {
  url: string;
  port: number;
  pid: number | undefined;
  stop(): Promise<void>;
}

export interface LocalRedisOptions {
  /** Keeps its data here (append-only file); in memory where absent. */
  dir?: string;
  /** Any free one by default. */
  port?: number;
}

const ADVICE = 'Install it: apt-get install redis-server, brew install redis';

/** Why Redis cannot be started here; undefined when it can. */
export function redisMissing(): string | undefined {
  const { status } = spawnSync('redis-server', ['--version'], { stdio: 'ignore' });
  return status === 0 ? undefined : `redis-server is not on the PATH. ${ADVICE}.`;
}

/** Starts `redis-server` from the PATH on the loopback. @throws EmbeddedServiceError when there is none */
export async function startRedis(options: LocalRedisOptions = {}): Promise<LocalRedis> {
  if (redisMissing()) throw new EmbeddedServiceError('Redis', 'redis-server is not on the PATH', ADVICE);
  const port = options.port ?? (await freePort());
  if (options.dir) await mkdir(options.dir, { recursive: true, mode: 0o700 });
  const kept = options.dir ? ['--dir', options.dir, '--appendonly', 'yes'] : ['--appendonly', 'no'];
  const server = await ServerProcess.start(
    'Redis',
    ['redis-server', '--port', String(port), '--bind', '127.0.0.1', '--save', '', ...kept],
    port,
  );
  return { url: `redis://127.0.0.1:${port}`, port, pid: server.pid, stop: () => server.stop() };
}
