import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { DataDirLock, unwritable } from './data-dir-lock';
import { EmbeddedServiceError } from './embedded-service-error';
import { freePort } from './free-port';
import { postgresBinaries } from './postgres-binaries';
import {
  ADMIN_ROLE,
  checkCluster,
  ClusterSecrets,
  initCluster,
  newSecrets,
  readSecrets,
  writeSecrets,
} from './postgres-cluster';
import { startError } from './postgres-diagnosis';
import { postgresHome } from './postgres-home';
import { endOrphan } from './postgres-postmaster';
import { PostgresServer, ServerOptions, StartFailed } from './postgres-server';

export interface EmbeddedPostgresOptions {
  /** Where it keeps its cluster, port and secrets; deleting it is a factory reset. */
  dataDir: string;
  /** What it does, in a few lines. */
  log?: (line: string) => void;
  /** Server settings over the defaults: `{ fsync: 'off' }` for tests. */
  settings?: Record<string, string>;
  /** Where root keeps what an unprivileged user must reach. Default /var/lib/moneyflow. */
  systemDir?: string;
}

export interface EmbeddedPostgres {
  /** Superuser, database `moneyflow`, loopback. */
  adminUrl: string;
  /** A random secret made on first start and kept: DATABASE_ROLE_SECRET of the embedded mode. */
  roleSecret: string;
  port: number;
  /** PGDATA. */
  cluster: string;
  /** Of the postmaster at this moment: it is started again should it die. 0 while there is none. */
  readonly pid: number;
  /** Fast shutdown: transactions are rolled back, everything committed is on disk. ≤10 s. */
  stop(): Promise<void>;
}

const DATABASE = 'moneyflow';
const START_ATTEMPTS = 20;

/**
 * A real PostgreSQL on loopback, from npm's binaries, its data kept over restarts. Mends what a killed parent left
 * behind; as root it runs as an unprivileged user.
 * @throws EmbeddedServiceError that says what is wrong (folder in use, not writable, damaged, disk full) and what to do
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log = () => undefined } = options;
  const lock = DataDirLock.acquire('PostgreSQL', dataDir);
  try {
    const home = await postgresHome(dataDir, options.systemDir ?? '/var/lib/moneyflow');
    const native = postgresBinaries(home.user, home.copies);
    const secrets = readSecrets(dataDir) ?? newSecrets(await freePort());
    if (existsSync(home.cluster)) {
      checkCluster(home.cluster, dataDir);
      if (!readSecrets(dataDir)) throw secretsGone(dataDir);
      if (await endOrphan(home.cluster))
        log('ended a PostgreSQL that an earlier, killed process had left running');
    } else {
      writeSecrets(dataDir, secrets);
      await initCluster(
        native,
        home.cluster,
        secrets.adminPassword,
        home.user,
        dataDir,
        options.settings?.['fsync'] !== 'off',
      );
    }
    const logFile = join(dataDir, 'postgres.log');
    const { cluster, user } = home;
    const server = await started(
      { native, cluster, dataDir, user, port: secrets.port, settings: options.settings ?? {}, logFile, log },
      secrets,
    );
    const adminUrl = await ensureDatabase(secrets).catch(async (error: unknown) => {
      await server.stop();
      throw error;
    });
    return {
      adminUrl,
      roleSecret: secrets.roleSecret,
      port: secrets.port,
      cluster,
      get pid() {
        return server.pid;
      },
      stop: async () => {
        await server.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    // A file system error carries a path; a refused connection does not.
    if ((error as NodeJS.ErrnoException).path) throw unwritable('PostgreSQL', dataDir, error);
    throw error;
  }
}

/** Takes another port when its own was taken meanwhile, and waits for the last processes of a killed server. */
async function started(options: ServerOptions, secrets: ClusterSecrets): Promise<PostgresServer> {
  for (let attempt = 1; ; attempt++) {
    const server = new PostgresServer({ ...options, port: secrets.port });
    try {
      await server.start();
      return server;
    } catch (error) {
      if (!(error instanceof StartFailed)) throw error;
      const hopeful = error.failure === 'port-taken' || error.failure === 'still-in-use';
      if (!hopeful || attempt === START_ATTEMPTS)
        throw startError(error.failure, error.log, options.dataDir, options.logFile);
      if (error.failure === 'port-taken') {
        secrets.port = await freePort();
        writeSecrets(options.dataDir, secrets);
      } else {
        await sleep(300);
      }
    }
  }
}

async function ensureDatabase({ port, adminPassword }: ClusterSecrets): Promise<string> {
  const url = (database: string) => `postgres://${ADMIN_ROLE}:${adminPassword}@127.0.0.1:${port}/${database}`;
  const client = new Client({ connectionString: url('postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (!rowCount) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
  return url(DATABASE);
}

function secretsGone(dataDir: string): EmbeddedServiceError {
  return new EmbeddedServiceError(
    'PostgreSQL',
    `the data folder ${dataDir} has a database but lost secrets.json, the key to it`,
    'Put secrets.json back from a backup; or, to start from nothing, delete the folder (this erases all its data).',
  );
}
