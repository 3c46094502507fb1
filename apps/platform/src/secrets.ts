import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotStart } from './cannot-start';

const FILE = 'secrets.json';
const NAMES = [
  'RELEASE_ID_SECRET',
  'AUTH_KEY_SECRET',
  'API_KEY_SECRET',
  'EVENT_PSEUDONYM_SECRET',
  'WEBHOOK_SECRET',
] as const;

/** What an installation keeps to itself, by the names of the environment. The database keeps its own. */
export type Secrets = Record<(typeof NAMES)[number], string>;

/**
 * The installation's secrets: made on the first start, kept beside the data they unlock, readable by the owner only.
 * One that the environment gives wins and is not written down.
 * @throws CannotStart when the file is there and cannot be read: making new ones would lock the data up
 */
export function openSecrets(folder: string, environment: NodeJS.ProcessEnv): Secrets {
  const path = join(folder, FILE);
  const kept = existsSync(path) ? read(path) : {};
  const missing = NAMES.filter((name) => kept[name] === undefined);
  if (missing.length > 0) {
    for (const name of missing) kept[name] = randomBytes(32).toString('base64url');
    writeFileSync(`${path}.tmp`, `${JSON.stringify(kept, undefined, 2)}\n`, { mode: 0o600, flush: true });
    renameSync(`${path}.tmp`, path);
  }
  return Object.fromEntries(NAMES.map((name) => [name, environment[name]?.trim() || kept[name]])) as Secrets;
}

function read(path: string): Record<string, string> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, string>;
    throw new SyntaxError('not an object');
  } catch (error) {
    throw new CannotStart(
      `The secrets of this installation, ${path}, cannot be read: ${(error as Error).message}`,
      'Restore the file from a backup. If the data may be lost, delete the data folder: the next start makes a new one.',
      { cause: error },
    );
  }
}
