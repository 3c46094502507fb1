import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApiOf } from '@libs/http';
import { appEnvironments } from '../../apps/platform/src/app-environments';
import { createApplications } from '../../apps/platform/src/applications';
import { startBackingServices } from '../../apps/platform/src/backing-services';
import { openDataFolder } from '../../apps/platform/src/data-folder';
import { openSecrets } from '../../apps/platform/src/secrets';
import { Undo } from '../../apps/platform/src/undo';

/**
 * The files of docs/openapi by their names, one an application that has a route. The documents are those the
 * applications serve, asked of the applications themselves, on embedded services that are thrown away.
 */
export async function openApiDocs(): Promise<Map<string, string>> {
  const path = mkdtempSync(join(tmpdir(), 'moneyflow-docs-'));
  chmodSync(path, 0o755); // run by root, the database is another user's
  const undo = new Undo();
  undo.add('data', () => rmSync(path, { recursive: true, force: true }));
  try {
    const folder = openDataFolder(path);
    const secrets = openSecrets(path, {});
    const services = await startBackingServices(folder, {}, undo);
    const environments = appEnvironments({}, services, secrets, 'http://127.0.0.1:1');
    const applications = await createApplications(environments, undo.part('applications'));
    return new Map(
      applications
        .filter(({ prefixes }) => prefixes.length > 0)
        .map(({ name, app }) => [`${name}.json`, `${JSON.stringify(openApiOf(app), undefined, 2)}\n`]),
    );
  } finally {
    await undo.run();
  }
}
