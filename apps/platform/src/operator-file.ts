import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BackingServices } from './backing-services';
import { Secrets } from './secrets';

const FILE = 'operator.env';

/**
 * Writes what `npm run verify`, the redrives, the rebuild and auth's commands need of this installation, readable by its owner only:
 * `(set -a; . .data/operator.env; npm run verify)`. Every start writes it anew, since ports may have changed.
 */
export function writeOperatorFile(
  folder: string,
  { environment, roleUrl }: BackingServices,
  { AUTH_KEY_SECRET }: Secrets,
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
  };
  const lines = Object.entries(variables).map(([name, value]) => `${name}="${value}"\n`);
  const path = join(folder, FILE);
  writeFileSync(`${path}.tmp`, lines.join(''), { mode: 0o600 });
  renameSync(`${path}.tmp`, path);
}
