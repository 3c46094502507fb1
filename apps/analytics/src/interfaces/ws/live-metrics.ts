import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { metrics } from '@libs/http';

const LISTENERS = 'analytics_live_listeners';
const APPS = 'analytics_live_apps';
const DROPPED = 'analytics_live_dropped_total';

// The registry is the process's: two applications in one process count together.
const listeners =
  (metrics.getSingleMetric(LISTENERS) as Gauge<'kind'> | undefined) ??
  new Gauge({
    name: LISTENERS,
    help: 'Open live connections.',
    labelNames: ['kind'],
    registers: [metrics],
  });
const dropped =
  (metrics.getSingleMetric(DROPPED) as Counter | undefined) ??
  new Counter({
    name: DROPPED,
    help: 'Live connections that were cut because nobody read what was sent.',
    registers: [metrics],
  });
const watched = new Set<() => number>();
if (!metrics.getSingleMetric(APPS))
  new Gauge({
    name: APPS,
    help: 'Applications that live counts are made of: those that somebody listens to.',
    registers: [metrics],
    collect() {
      this.set([...watched].reduce((sum, apps) => sum + apps(), 0));
    },
  });

/** What an instance tells of those who listen to it. */
@Injectable()
export class LiveMetrics {
  watch(apps: () => number): void {
    watched.add(apps);
  }

  joined(kind: 'sse' | 'websocket'): void {
    listeners.inc({ kind });
  }

  left(kind: 'sse' | 'websocket'): void {
    listeners.dec({ kind });
  }

  dropped(): void {
    dropped.inc();
  }
}
