import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { EmbeddedServiceError } from './embedded-service-error';
import { startError, whyItFailed } from './postgres-diagnosis';
import { UnprivilegedUser } from './unprivileged-user';

export const ADMIN_ROLE = 'moneyflow_admin';
const MAJOR_VERSION = '18';

/** Kept beside the cluster, readable by its owner alone. */
export interface ClusterSecrets {
  port: number;
  adminPassword: string;
  roleSecret: string;
}

export function readSecrets(dataDir: string): ClusterSecrets | undefined {
  const file = join(dataDir, 'secrets.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ClusterSecrets) : undefined;
}

export function writeSecrets(dataDir: string, secrets: ClusterSecrets): void {
  const file = join(dataDir, 'secrets.json');
  writeFileSync(`${file}.new`, JSON.stringify(secrets), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function newSecrets(port: number): ClusterSecrets {
  const random = () => randomBytes(24).toString('base64url');
  return { port, adminPassword: random(), roleSecret: random() };
}

/** @throws EmbeddedServiceError when what is there is no cluster, or another version's */
export function checkCluster(cluster: string, dataDir: string): void {
  const file = join(cluster, 'PG_VERSION');
  const version = existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
  if (version === MAJOR_VERSION) return;
  throw new EmbeddedServiceError(
    'PostgreSQL',
    version && /^\d+$/.test(version)
      ? `the data folder ${dataDir} was made by PostgreSQL ${version} and this is ${MAJOR_VERSION}`
      : `the data folder ${dataDir} is damaged (${cluster} is no database cluster)`,
    'Put a backup of it back; or, to start from nothing, delete it (this erases all its data).',
  );
}

/**
 * Makes a cluster; under another name until it is whole, so that an interrupted attempt is no damaged cluster.
 * @throws EmbeddedServiceError
 */
export async function initCluster(
  native: string,
  cluster: string,
  adminPassword: string,
  user: UnprivilegedUser | undefined,
  dataDir: string,
  sync: boolean,
): Promise<void> {
  const draft = `${cluster}.new`;
  const passwordFile = `${cluster}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, adminPassword, { mode: 0o600 });
  chmodSync(passwordFile, 0o600);
  if (user) for (const path of [draft, passwordFile]) chownSync(path, user.uid, user.gid);
  const locale = process.platform === 'darwin' ? 'C' : 'C.UTF-8';
  try {
    const { code, output } = await ran(
      join(native, 'bin/initdb'),
      [
        ...['-D', draft, '-U', ADMIN_ROLE, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
        ...['--encoding=UTF8', `--locale=${locale}`, '--locale-provider=icu', '--icu-locale=pt-BR'],
        ...['--no-instructions', ...(sync ? [] : ['--no-sync'])],
      ],
      user,
    );
    if (code !== 0) {
      rmSync(draft, { recursive: true, force: true });
      throw startError(whyItFailed(output), output, dataDir, join(dataDir, 'postgres.log'));
    }
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(draft, cluster);
}

function ran(
  command: string,
  args: string[],
  user: UnprivilegedUser | undefined,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: '/', // ours may be a folder that the other user cannot enter
      env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...user,
    });
    let output = '';
    const collect = (chunk: Buffer): void => void (output += chunk.toString('utf8'));
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
