import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Mount } from '@libs/http';
import { createAnalyticsApp } from '../../analytics/src/analytics.app';
import { analyticsConfig } from '../../analytics/src/analytics.config';
import { createAuthApp } from '../../auth/src/auth.app';
import { authConfig } from '../../auth/src/auth.config';
import { createConsolidatedApp } from '../../consolidated/src/consolidated.app';
import { consolidatedConfig } from '../../consolidated/src/consolidated.config';
import { createEventsApp } from '../../events/src/events.app';
import { eventsConfig } from '../../events/src/events.config';
import { createReleasesApp } from '../../releases/src/releases.app';
import { releasesConfig, releasesWorkerConfig } from '../../releases/src/releases.config';
import { createReleasesWorker } from '../../releases/src/worker.app';
import { appEnvironments } from './app-environments';
import { Undo } from './undo';

/** One of our applications and the paths it answers; a worker answers none. */
export interface Application extends Mount {
  name: string;
}

/**
 * Every application that answers requests, with what works right behind it, initialised and consuming; those that
 * only consume are in `background`. Each reads its own settings, and keeps its own Nest container,
 * connections and roles; only the process is shared.
 * @throws ConfigError naming what is missing or wrong in the environment
 */
export async function createApplications(
  environments: ReturnType<typeof appEnvironments>,
  undo: Undo,
): Promise<Application[]> {
  const auth = authConfig.parse(environments.auth);
  const releases = releasesConfig.parse(environments.releases);
  const worker = releasesWorkerConfig.parse(environments.releasesWorker);
  const consolidated = consolidatedConfig.parse(environments.consolidated);
  const events = eventsConfig.parse(environments.events);
  const analytics = analyticsConfig.parse(environments.analytics);

  const applications: Application[] = [];
  const add = async (
    name: string,
    prefixes: string[],
    app: Promise<NestFastifyApplication>,
  ): Promise<void> => {
    const created = await app;
    undo.add(name, () => created.close());
    applications.push({ name, prefixes, app: created });
  };
  // One after the other: side by side they would only compete for the one thread that loads them.
  await add(
    'auth',
    [
      '/api/v1/auth',
      '/api/v1/users',
      '/api/v1/tenants',
      '/api/v1/invitations',
      '/api/v1/apps',
      '/api/v1/keys',
      '/.well-known',
    ],
    createAuthApp(auth),
  );
  await add('releases', ['/api/v1/releases'], createReleasesApp(releases));
  await add('releases worker 1', [], createReleasesWorker(worker));
  await add('releases worker 2', [], createReleasesWorker(worker));
  await add('consolidated', ['/api/v1/consolidated'], createConsolidatedApp(consolidated));
  await add(
    'events',
    [
      '/api/v1/events',
      '/api/v1/transactions',
      '/api/v1/notifications',
      '/api/v1/insights',
      '/moneyflow-tracking.js',
      '/moneyflow-tracking.mjs',
      '/moneyflow-tracking.d.ts',
      '/moneyflow-tracking.d.mts',
      '/test.html',
      '/test',
    ],
    createEventsApp(events),
  );
  await add('analytics', ['/api/v1/analytics'], createAnalyticsApp(analytics));
  return applications;
}
