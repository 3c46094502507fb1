import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedServiceError } from './embedded-service-error';
import { identityOf, isStillRunning, ProcessIdentity } from './process-identity';

/** Holds a data folder for this process; a holder that died without letting go is noticed. */
export class DataDirLock {
  private constructor(private readonly file: string) {}

  /** @throws EmbeddedServiceError when another living process holds it, or the folder cannot be written */
  static acquire(service: string, dataDir: string): DataDirLock {
    const file = join(dataDir, 'owner.json');
    try {
      mkdirSync(dataDir, { recursive: true });
      for (;;) {
        if (claimed(file)) return new DataDirLock(file);
        const holder = holderOf(file);
        if (holder && isStillRunning(holder)) {
          throw new EmbeddedServiceError(
            service,
            `process ${holder.pid} already uses the data folder ${dataDir}`,
            'Stop that process first, or give this one another folder with MONEYFLOW_DATA_DIR.',
          );
        }
        rmSync(file, { force: true });
      }
    } catch (error) {
      if (error instanceof EmbeddedServiceError) throw error;
      throw unwritable(service, dataDir, error);
    }
  }

  release(): void {
    rmSync(this.file, { force: true });
  }
}

/** Turns a file system error about `dataDir` into one that says what to do. */
export function unwritable(service: string, dataDir: string, cause: unknown): EmbeddedServiceError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const advice = 'Free some space there, or set MONEYFLOW_DATA_DIR to a folder on another disk.';
    return new EmbeddedServiceError(service, `no space is left for the data folder ${dataDir}`, advice, {
      cause,
    });
  }
  return new EmbeddedServiceError(
    service,
    `the data folder ${dataDir} cannot be written (${code ?? message})`,
    'Give this user write permission on it (it may have been made by another user, such as root), or set MONEYFLOW_DATA_DIR to another folder.',
    { cause },
  );
}

function claimed(file: string): boolean {
  try {
    writeFileSync(file, JSON.stringify(identityOf(process.pid)), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function holderOf(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch (error) {
    // Half written by a process that was killed, or let go just now: nobody's.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
