import { Counter, Gauge, Histogram } from 'prom-client';
import { metrics } from '@libs/http';
import { SendOutcome } from './webhook-sender';

export type DeliveryEnd = 'delivered' | 'failed' | 'retried' | 'cancelled' | 'given_back';

// The registry is the process's, which may run several services: what one of them made is there for the next.
const known = <M>(name: string, make: (name: string) => M): M =>
  (metrics.getSingleMetric(name) as M | undefined) ?? make(name);

/** What sending tells of itself. */
export class WebhookMetrics {
  private readonly deliveries = known(
    'webhook_deliveries_total',
    (name) =>
      new Counter({
        name,
        help: 'Deliveries that were taken in hand, by what came of it.',
        labelNames: ['service', 'outcome'],
        registers: [metrics],
      }),
  );
  private readonly seconds = known(
    'webhook_attempt_seconds',
    (name) =>
      new Histogram({
        name,
        help: 'How long receivers of webhooks take to answer.',
        labelNames: ['service'],
        buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        registers: [metrics],
      }),
  );
  private readonly disabled = known(
    'webhook_disabled_total',
    (name) =>
      new Counter({
        name,
        help: 'Webhooks that were given up.',
        labelNames: ['service', 'reason'],
        registers: [metrics],
      }),
  );
  private readonly waiting = known(
    'webhook_waiting',
    (name) =>
      new Gauge({
        name,
        help: 'Deliveries that wait for active webhooks, up to 100,000.',
        labelNames: ['service'],
        registers: [metrics],
      }),
  );
  private readonly oldest = known(
    'webhook_oldest_waiting_seconds',
    (name) =>
      new Gauge({
        name,
        help: 'For how long the oldest of them has waited.',
        labelNames: ['service'],
        registers: [metrics],
      }),
  );

  constructor(private readonly service: string) {}

  tried({ durationMs }: SendOutcome): void {
    this.seconds.observe({ service: this.service }, durationMs / 1000);
  }

  ended(outcome: DeliveryEnd): void {
    this.deliveries.inc({ service: this.service, outcome });
  }

  gaveUp(reason: string): void {
    this.disabled.inc({ service: this.service, reason });
  }

  backlog(waiting: number, oldestSeconds: number): void {
    this.waiting.set({ service: this.service }, waiting);
    this.oldest.set({ service: this.service }, oldestSeconds);
  }
}
