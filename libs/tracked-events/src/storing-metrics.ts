import { Counter, Histogram } from 'prom-client';
import { metrics } from '@libs/http';
import { StoringOutcome } from '@libs/kernel';

/** What the metrics of a consumer are called. */
export interface StoringMetricNames {
  stored: string;
  /** What `stored` counts. */
  storedHelp: string;
  duplicates: string;
  erased: string;
  refused: string;
  batchSize: string;
}

// The registry is the process's: two consumers of a kind in one process count together.
const counter = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) =>
  (metrics.getSingleMetric(name) as Counter<Label> | undefined) ??
  new Counter<Label>({ name, help, labelNames, registers: [metrics] });

/** What a consumer of events tells about its line. */
export class StoringMetrics {
  private readonly storedTotal: Counter;
  private readonly duplicatesTotal: Counter;
  private readonly erasedTotal: Counter;
  private readonly refusedTotal: Counter<'code'>;
  private readonly batchSize: Histogram;

  constructor(names: StoringMetricNames) {
    this.storedTotal = counter(names.stored, names.storedHelp);
    this.duplicatesTotal = counter(
      names.duplicates,
      'Events that had been stored before, or came twice in a batch.',
    );
    this.erasedTotal = counter(names.erased, 'Events kept out because their person had been erased.');
    this.refusedTotal = counter(
      names.refused,
      'Events of the log that are not kept; each is told to the log of rejected events.',
      ['code'],
    );
    this.batchSize =
      (metrics.getSingleMetric(names.batchSize) as Histogram | undefined) ??
      new Histogram({
        name: names.batchSize,
        help: 'Events that are stored together.',
        buckets: [1, 10, 50, 100, 250, 500, 1000, 2500, 5000],
        registers: [metrics],
      });
  }

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
