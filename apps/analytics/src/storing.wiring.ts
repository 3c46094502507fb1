import { Poison } from '@libs/messaging';
import { AnalyticsWorkerConfig } from './analytics.config';
import { Wiring } from './wiring';

/** The consumer proper: raw events, quarters and sessions in one transaction; partitions and retention. */
export function storing(_config: AnalyticsWorkerConfig): Wiring {
  return { controllers: [], providers: [Poison] };
}
