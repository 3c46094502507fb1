import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BackingServices } from './backing-services';
import { Secrets } from './secrets';

const FILE = 'operator.env';
/** Where the applications read and write, if not where this start made it: a redrive must not publish where nobody reads. */
const GIVEN = /^(?:KAFKA|EVENT_LOG|SQS)_/;

/**
 * Writes what `npm run verify`, the redrives, the rebuild and auth's commands need of this installation, readable by its owner only:
 * `(set -a; . .data/operator.env; npm run verify)`. Every start writes it anew, since ports may have changed.
 */
export function writeOperatorFile(
  folder: string,
  { environment, roleUrl }: BackingServices,
  { AUTH_KEY_SECRET }: Secrets,
  given: NodeJS.ProcessEnv,
): void {
  const variables = {
    DATABASE_OPERATOR_URL: roleUrl('operator'),
    DATABASE_URL: roleUrl('releases_worker'),
    DATABASE_WORKER_URL: roleUrl('consolidated_worker'),
    DATABASE_AUTH_URL: roleUrl('auth_api'),
    DATABASE_EVENTS_URL: roleUrl('events_worker'),
    DATABASE_ANALYTICS_URL: roleUrl('analytics_worker'),
    AUTH_KEY_SECRET,
    ...environment,
    ...Object.fromEntries(Object.entries(given).filter(([name]) => GIVEN.test(name))),
  };
  const lines = Object.entries(variables).map(([name, value = '']) => `${name}=${quoted(value)}\n`);
  const path = join(folder, FILE);
  writeFileSync(`${path}.tmp`, lines.join(''), { mode: 0o600 });
  renameSync(`${path}.tmp`, path);
}

/** For a shell, to which nothing between single quotes is special. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
