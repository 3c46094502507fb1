import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CannotStart } from './cannot-start';

/** The folder that holds everything an embedded installation knows. Deleting it is a factory reset. */
export interface DataFolder {
  path: string;
  logs: string;
  postgres: string;
  aws: string;
}

/** Opens the folder, making it if need be. @throws CannotStart when it is no folder or cannot be written to */
export function openDataFolder(given: string): DataFolder {
  const path = resolve(given);
  try {
    if (existsSync(path) && !statSync(path).isDirectory()) {
      throw new CannotStart(`The data folder ${path} is a file.`, remedyFor(path));
    }
    makeFolder(path);
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    // The probe finds what permissions do not tell: a full disk, a read-only mount, an immutable folder.
    const probe = join(path, `.probe-${process.pid}`);
    writeFileSync(probe, 'x');
    rmSync(probe);
    readdirSync(path);
  } catch (error) {
    if (error instanceof CannotStart) throw error;
    throw new CannotStart(`The data folder ${path} cannot be used: ${reasonOf(error)}.`, remedyFor(path), {
      cause: error,
    });
  }
  return { path, logs: join(path, 'logs'), postgres: join(path, 'postgres'), aws: join(path, 'aws') };
}

/** Not by `recursive`, which spins for ever on file systems that have no folders to make (/proc). */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o711 }); // the database's own user must pass through, not look around
}

function remedyFor(path: string): string {
  return `Make ${path} a folder that this user may write to, or choose another: MONEYFLOW_DATA_DIR=<folder> npm start`;
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'this user may not write to it';
    case 'EROFS':
      return 'it is on a read-only file system';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full';
    case 'ENOTDIR':
      return 'a part of its path is a file';
    default:
      return message;
  }
}
