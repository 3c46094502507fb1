import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { ConfigSchema, defineConfig, oneOf, string, url } from '@libs/config';
import { migrateConfig } from '../migrate';

/** One process's environment, under the name of the app or command that reads it. */
export interface NamedConfig {
  readonly name: string;
  readonly schema: ConfigSchema<unknown>;
}

const APPS = join(__dirname, '../../apps');
const load = createRequire(__filename);

/** What no schema reads: the few variables of scripts, tests and the crash test. */
const tools = defineConfig({
  tools: {
    failpoint: string('MONEYFLOW_FAILPOINT', {
      optional: true,
      example: 'worker.before-commit:3',
      about: 'For crash tests only: the process kills itself there, as if the power had gone.',
    }),
    infraDir: string('MONEYFLOW_INFRA_DIR', {
      default: '.data/infra',
      about: 'Where the servers of npm run infra keep their data.',
    }),
    url: url('MONEYFLOW_URL', {
      default: 'http://localhost:3000',
      about: 'Where npm run seed finds MoneyFlow.',
    }),
    chromium: string('CHROMIUM', {
      default: '/usr/bin/chromium',
      about: 'The browser that the tests of the SDK and of /test.html drive.',
    }),
    requireServices: oneOf('MONEYFLOW_REQUIRE_SERVICES', ['0', '1'], {
      default: '0',
      about:
        'With 1, a test that misses a service (Redis, Kafka) fails instead of being skipped; CI sets it.',
    }),
  },
});

/** The schemas that apps/<app>/src/*.config export, then those of commands. */
export function everyConfig(): NamedConfig[] {
  const ofApps = readdirSync(APPS)
    .sort()
    .flatMap((app) => configFiles(app).flatMap((file) => schemasIn(app, join(APPS, app, 'src', file))));
  return [...ofApps, { name: 'migrate', schema: migrateConfig }, { name: 'tools', schema: tools }];
}

function configFiles(app: string): string[] {
  const ending = `.config${extname(__filename)}`;
  return readdirSync(join(APPS, app, 'src')).filter((file) => file.endsWith(ending));
}

function schemasIn(app: string, file: string): NamedConfig[] {
  return Object.entries(load(file) as Record<string, unknown>).flatMap(([exported, schema]) =>
    schema instanceof ConfigSchema ? [{ name: processName(app, exported), schema }] : [],
  );
}

/** `releasesWorkerConfig` is what releases-worker reads, `rebuildConfig` of consolidated consolidated-rebuild. */
function processName(app: string, exported: string): string {
  const name = exported.replace(/Config$/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return name === app || name.startsWith(`${app}-`) ? name : `${app}-${name}`;
}
