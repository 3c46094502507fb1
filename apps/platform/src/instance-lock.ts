import { linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotStart } from './cannot-start';

const FILE = 'platform.lock';

/**
 * At most one platform per data folder: two would mend, and so stop, each other's database.
 * The lock names a process by its id and the moment the kernel started it, so that one left behind by a kill -9 or
 * a reboot is recognised, even where the id has been given to another process since.
 */
export class InstanceLock {
  private constructor(private readonly path: string) {}

  /** @throws CannotStart when another live process holds it */
  static acquire(folder: string): InstanceLock {
    const path = join(folder, FILE);
    const mine = `${path}.${process.pid}`;
    writeFileSync(mine, JSON.stringify({ pid: process.pid, started: startOf(process.pid) }), { mode: 0o600 });
    try {
      // link(2) fails when the name exists, and the name never shows half a file.
      for (let tries = 0; !linked(mine, path); tries += 1) {
        const holder = holderOf(path);
        if (holder !== undefined || tries > 5) {
          throw new CannotStart(
            `Another MoneyFlow${holder ? ` (process ${holder})` : ''} is running on the data folder ${folder}.`,
            'Use that one, stop it first, or give this one a folder of its own: MONEYFLOW_DATA_DIR=<folder> npm start',
          );
        }
      }
    } finally {
      unlinkSync(mine);
    }
    return new InstanceLock(path);
  }

  release(): void {
    unlinkSync(this.path);
  }
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The process that holds the lock; a lock whose process is gone is removed. */
function holderOf(path: string): number | undefined {
  const lock = read(path);
  if (lock && startOf(lock.pid) === lock.started && lock.started !== undefined) return lock.pid;
  unlinkSync(path);
  return undefined;
}

function read(path: string): { pid: number; started?: string } | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { pid: number; started?: string };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // a disk that filled up: nobody holds it
    throw error;
  }
}

/** Boot id and start tick on Linux; elsewhere only whether the process lives. Undefined when it does not. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`;
  } catch {
    if (process.platform === 'linux') return undefined;
    return lives(pid) ? 'alive' : undefined;
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
