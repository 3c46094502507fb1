import { metrics } from '@libs/http';
import { Counter, Histogram } from 'prom-client';
import { RejectionReason } from '../../domain/release.errors';

// The registry is the process's: two workers in one process count together.
const counter = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) =>
  (metrics.getSingleMetric(name) as Counter<Label> | undefined) ??
  new Counter<Label>({ name, help, labelNames, registers: [metrics] });

const BATCH_SIZE = 'releases_queue_batch_size';

/** What the worker tells about its line. */
export class PostingMetrics {
  private readonly postedTotal = counter('releases_posted_total', 'Releases posted to the ledger.');
  private readonly duplicatesTotal = counter(
    'releases_duplicates_total',
    'Releases that had been posted before: a redelivery or a retry with the same key.',
  );
  private readonly rejectedTotal = counter(
    'releases_rejected_total',
    'Releases put aside with a reason; each has its dead letter.',
    ['reason'],
  );
  private readonly batchSize =
    (metrics.getSingleMetric(BATCH_SIZE) as Histogram | undefined) ??
    new Histogram({
      name: BATCH_SIZE,
      help: 'Releases in one batch taken from the queue.',
      buckets: [1, 5, 10, 25, 50, 100, 250, 500, 1000],
      registers: [metrics],
    });

  received(releases: number): void {
    this.batchSize.observe(releases);
  }

  posted(posted: number, duplicates: number): void {
    this.postedTotal.inc(posted);
    this.duplicatesTotal.inc(duplicates);
  }

  rejected(reason: RejectionReason): void {
    this.rejectedTotal.inc({ reason });
  }
}
