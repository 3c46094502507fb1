import { logger } from '@libs/logging';
import { Recurring } from '@libs/schedules';
import { SendingStore } from '../postgres/sending-store';
import { WebhookMetrics } from './webhook-metrics';

const LOOK_MS = 15_000;
const PURGE_MS = 3_600_000;
/** In one transaction. */
const AT_ONCE = 5_000;

/** Tells how much waits; and deletes, each hour, what is older than the log is kept. */
export class KeepWebhookLog extends Recurring {
  private readonly name: string;
  private purgedAt = -Infinity;

  constructor(
    service: string,
    private readonly store: SendingStore,
    private readonly metrics: WebhookMetrics,
  ) {
    super({ log: `${service}.webhooks`, name: 'the log of deliveries is kept', everyMs: LOOK_MS });
    this.name = `${service}.webhooks`;
  }

  protected async turn(signal: AbortSignal): Promise<void> {
    const { waiting, oldest } = await this.store.backlog();
    this.metrics.backlog(waiting, oldest === undefined ? 0 : (Date.now() - oldest.getTime()) / 1000);
    if (performance.now() - this.purgedAt < PURGE_MS) return;
    let gone = 0;
    let last: number;
    do gone += last = await this.store.purge(AT_ONCE);
    while (last === AT_ONCE && !signal.aborted);
    this.purgedAt = performance.now();
    if (gone > 0) logger(this.name).info({ deliveries: gone }, 'old deliveries are gone');
  }
}
