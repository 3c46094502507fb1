import { AnalyticsWorkerConfig } from './analytics.config';
import { Wiring } from './wiring';

/** Forgets a person, and makes the days again that had a trace of them. */
export function erasing(_config: AnalyticsWorkerConfig): Wiring {
  return { controllers: [], providers: [] };
}
