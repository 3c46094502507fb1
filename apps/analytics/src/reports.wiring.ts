import { AnalyticsConfig } from './analytics.config';
import { Wiring } from './wiring';

/** Reports that are read from the rollups: summary, timeline, top values, overview. */
export function reports(_config: AnalyticsConfig): Wiring {
  return { controllers: [], providers: [] };
}
