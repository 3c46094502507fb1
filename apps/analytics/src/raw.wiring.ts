import { AnalyticsConfig } from './analytics.config';
import { Wiring } from './wiring';

/** What is read from the raw events and the sessions: people, funnels, cohorts, sessions, the export. */
export function raw(_config: AnalyticsConfig): Wiring {
  return { controllers: [], providers: [] };
}
