import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AnalyticsWorkerConfig, analyticsWorkerConfig } from '../../../analytics/src/analytics.config';
import { createAnalyticsWorker } from '../../../analytics/src/rollup.app';
import { EventsSinkConfig, eventsSinkConfig } from '../../../events/src/events.config';
import { createEventsSink } from '../../../events/src/sink.app';
import { appEnvironments } from '../app-environments';

/** What the applications that nobody calls need; plain data, so that it can be handed to a thread. */
export interface BackgroundSettings {
  eventsSink: EventsSinkConfig;
  analyticsWorker: AnalyticsWorkerConfig;
}

/** @throws ConfigError naming what is missing or wrong in the environment */
export function backgroundSettings(environments: ReturnType<typeof appEnvironments>): BackgroundSettings {
  return {
    eventsSink: eventsSinkConfig.parse(environments.eventsSink),
    analyticsWorker: analyticsWorkerConfig.parse(environments.analyticsWorker),
  };
}

/** The applications that only consume, by name, initialised and consuming. */
export async function createBackgroundApplications(
  settings: BackgroundSettings,
): Promise<Map<string, NestFastifyApplication>> {
  return new Map([
    ['events sink', await createEventsSink(settings.eventsSink)],
    ['analytics worker', await createAnalyticsWorker(settings.analyticsWorker)],
  ]);
}
