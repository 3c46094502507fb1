import { AggregatorRegistry, collectDefaultMetrics, Metric, Registry } from 'prom-client';

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The process's metrics, whichever applications it runs; served at /metrics. Never labelled by tenant. */
export const metrics = new Registry();

let started = false;

/** Once for the process: CPU, memory, event loop, garbage collection. */
export function startDefaultMetrics(): void {
  if (started) return;
  started = true;
  // the default looks at the event loop every 10 ms, which an idle machine notices
  collectDefaultMetrics({ register: metrics, eventLoopMonitoringPrecision: 100 });
}

/** Metrics and their values as plain data. */
export type MetricsOfThread = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

const others: (() => Promise<MetricsOfThread>)[] = [];

/** Another thread's metrics belong to the process, too: from now on they are added to what is scraped. */
export function addMetrics(other: () => Promise<MetricsOfThread>): void {
  others.push(other);
}

/** What this thread counted itself, without what Node tells of the process. */
export async function ownMetrics(): Promise<MetricsOfThread> {
  const all = await metrics.getMetricsAsJSON();
  return all.filter(({ name }) => !/^(process|nodejs)_/.test(name));
}

/** Everything, in Prometheus' text format. */
export async function scrape(): Promise<string> {
  if (others.length === 0) return metrics.metrics();
  const parts = await Promise.all([metrics.getMetricsAsJSON(), ...others.map((other) => other())]);
  return AggregatorRegistry.aggregate(parts).metrics();
}

interface Series {
  labels: { app: string; method: string; route: string; status: string };
  /** Observations at or under BUCKETS[i] and over BUCKETS[i-1]; the last one is beyond all. */
  counts: Float64Array;
  sum: number;
}

/**
 * prom-client validates and hashes labels on every observation (about 1.5 µs). Requests are counted in plain arrays
 * instead, one per route, method and status, and handed over when somebody scrapes.
 */
const series: Series[] = [];

class RequestDurations {
  readonly name = 'http_request_duration_seconds';
  readonly help = 'From the request line read to the last byte of the answer written, by route pattern.';

  async get() {
    return {
      name: this.name,
      help: this.help,
      type: 'histogram',
      aggregator: 'sum',
      values: series.flatMap((one) => this.samplesOf(one)),
    };
  }

  reset(): void {
    for (const one of series) {
      one.counts.fill(0);
      one.sum = 0;
    }
  }

  private samplesOf({ labels, counts, sum }: Series) {
    let total = 0;
    const buckets = BUCKETS.map((le, at) => {
      total += counts[at] ?? 0;
      return this.sample('_bucket', { ...labels, le }, total);
    });
    total += counts[BUCKETS.length] ?? 0;
    return [
      ...buckets,
      this.sample('_bucket', { ...labels, le: '+Inf' }, total),
      this.sample('_sum', labels, sum),
      this.sample('_count', labels, total),
    ];
  }

  private sample(suffix: string, labels: Record<string, string | number>, value: number) {
    return { metricName: `${this.name}${suffix}`, labels, value };
  }
}

// The registry asks a metric for its name, get() and reset(), no more; its type wants one of its own four classes.
metrics.registerMetric(new RequestDurations() as unknown as Metric);

/** Observes durations in milliseconds. */
export type Observe = (milliseconds: number) => void;

/** The observer of one route, method and status; keep it, it is the expensive part. */
export function requestObserver(app: string, method: string, route: string, status: number): Observe {
  const one: Series = {
    labels: { app, method, route, status: String(status) },
    counts: new Float64Array(BUCKETS.length + 1),
    sum: 0,
  };
  series.push(one);
  return (milliseconds) => {
    const seconds = milliseconds / 1000;
    let at = 0;
    while (at < BUCKETS.length && seconds > (BUCKETS[at] as number)) at++;
    one.counts[at] = (one.counts[at] ?? 0) + 1;
    one.sum += seconds;
  };
}
