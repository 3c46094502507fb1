import { AnalyticsConfig } from './analytics.config';
import { Wiring } from './wiring';

/** A person's right to be forgotten. */
export function people(_config: AnalyticsConfig): Wiring {
  return { controllers: [], providers: [] };
}
