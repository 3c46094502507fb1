import { Counter, Histogram } from 'prom-client';
import { metrics } from '@libs/http';
import { StoringOutcome } from '../../application/store-events';

// The registry is the process's: two workers in one process count together.
const counter = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) =>
  (metrics.getSingleMetric(name) as Counter<Label> | undefined) ??
  new Counter<Label>({ name, help, labelNames, registers: [metrics] });

const BATCH_SIZE = 'analytics_batch_size';

/** What the worker tells about its line. */
export class StoringMetrics {
  private readonly storedTotal = counter('analytics_stored_total', 'Events that were new.');
  private readonly duplicatesTotal = counter(
    'analytics_duplicates_total',
    'Events that had been stored before, or came twice in a batch.',
  );
  private readonly erasedTotal = counter(
    'analytics_erased_kept_out_total',
    'Events kept out because their person had been erased.',
  );
  private readonly refusedTotal = counter(
    'analytics_rejected_total',
    'Events of the log that are not kept; each is told to the log of rejected events.',
    ['code'],
  );
  private readonly batchSize =
    (metrics.getSingleMetric(BATCH_SIZE) as Histogram | undefined) ??
    new Histogram({
      name: BATCH_SIZE,
      help: 'Events in one transaction.',
      buckets: [1, 10, 50, 100, 250, 500, 1000, 2500, 5000],
      registers: [metrics],
    });

  received(events: number): void {
    this.batchSize.observe(events);
  }

  stored({ stored, duplicates, erased }: StoringOutcome): void {
    this.storedTotal.inc(stored);
    this.duplicatesTotal.inc(duplicates);
    this.erasedTotal.inc(erased);
  }

  refused(code: string): void {
    this.refusedTotal.inc({ code });
  }
}
