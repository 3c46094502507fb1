import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { endOrphan } from './postgres-postmaster';
import { canReach, UnprivilegedUser, unprivilegedUser } from './unprivileged-user';
import { EmbeddedServiceError } from './embedded-service-error';

export interface PostgresHome {
  /** PGDATA. */
  cluster: string;
  /** Where a copy of the binaries may live. */
  copies: string;
  /** Who runs the server; undefined for ourselves. */
  user?: UnprivilegedUser;
}

/**
 * Decides where the cluster lives and who runs it. Normally that is the data folder and we. For root it is an unprivileged
 * user; and where that one cannot reach the data folder (a home of mode 0700), a folder under `systemDir`, which
 * the marker `elsewhere` in the data folder points to. No marker, no cluster: deleting the data folder is still a factory reset.
 */
export async function postgresHome(dataDir: string, systemDir: string): Promise<PostgresHome> {
  const inside = join(realpathSync(dataDir), 'cluster');
  const user = unprivilegedUser(existsSync(inside) ? statSync(inside).uid : undefined);
  if (!user) {
    if (process.getuid?.() === 0) throw nobodyToRunAs();
    return { cluster: inside, copies: dataDir };
  }
  if (canReach(user, realpathSync(dataDir))) return { cluster: inside, copies: systemDir, user };

  const marker = join(dataDir, 'elsewhere');
  const name = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 16);
  const home = existsSync(marker) ? readFileSync(marker, 'utf8').trim() : join(systemDir, name);
  const cluster = join(home, 'cluster');
  if (!existsSync(marker) && existsSync(home)) {
    await endOrphan(cluster);
    rmSync(home, { recursive: true });
  }
  mkdirSync(home, { recursive: true });
  for (const folder of [systemDir, home]) chmodSync(folder, 0o755);
  if (!canReach(user, home)) throw unreachable(dataDir, home);
  writeFileSync(marker, `${home}\n`);
  return { cluster, copies: systemDir, user };
}

function unreachable(dataDir: string, home: string): EmbeddedServiceError {
  return new EmbeddedServiceError(
    'PostgreSQL',
    `run by root it becomes another user, who can reach neither the data folder ${dataDir} nor ${home}`,
    'Set MONEYFLOW_DATA_DIR to a folder below which every parent has mode 0711 or wider, or start as an ordinary user.',
  );
}

function nobodyToRunAs(): EmbeddedServiceError {
  return new EmbeddedServiceError(
    'PostgreSQL',
    'it refuses to run as root, and this system has neither a user postgres nor nobody to run it as',
    'Start as an ordinary user, or create one: useradd --system postgres.',
  );
}
