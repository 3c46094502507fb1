import { setTimeout as sleep } from 'node:timers/promises';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { onCommit, Wakeable } from '@libs/database';
import { failpoint } from '@libs/kernel';
import { logger } from '@libs/logging';
import { Claim, SendingStore } from '../postgres/sending-store';
import { DeliverLane } from './deliver-lane';

export interface DispatcherLimits {
  /** Lanes under way in this process: so many deliveries are being sent at once. */
  atOnce: number;
  /** Of one webhook, whichever process sends. */
  perWebhook: number;
  /** Deliveries that a lane takes one after the other. */
  depth: number;
  /** Longest pause between two looks when nothing wakes it: what another process enqueued, and retries. */
  pollMs: number;
  /** What a stop waits for receivers. */
  patienceMs: number;
}

export const DISPATCHER_LIMITS: DispatcherLimits = {
  atOnce: 32,
  perWebhook: 4,
  depth: 8,
  pollMs: 2_000,
  patienceMs: 3_000,
};
const AFTER_FAILURE_MS = 2_000;

/**
 * Sends what is due. Several may share one line: each claims by a lease, sends outside any transaction and writes down what came of
 * it; what a dead one held comes free when its lease ends, so a receiver may see a delivery twice, under the same id. At most half of
 * what is under way is for receivers that failed the last time or were slow, so that they do not starve the others.
 */
export class WebhookDispatcher implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log: ReturnType<typeof logger>;
  private readonly pause = new Wakeable();
  private readonly underWay = new Set<Promise<void>>();
  private readonly stop = new AbortController();
  private suspects = 0;
  private stopping = false;
  private failing = false;
  private loop?: Promise<void>;
  private stopListening?: () => void;

  constructor(
    private readonly schema: string,
    private readonly store: SendingStore,
    private readonly deliverLane: DeliverLane,
    private readonly limits: DispatcherLimits = DISPATCHER_LIMITS,
  ) {
    this.log = logger(`${schema}.webhooks`);
  }

  onApplicationBootstrap(): void {
    this.stopListening = onCommit(`${this.schema}.webhook_delivery`, () => this.pause.wake());
    this.loop = this.run();
  }

  /** Takes nothing more, waits a little for receivers, and gives the rest back. */
  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.stopListening?.();
    this.pause.wake();
    await this.loop;
    const patience = new AbortController();
    const over = sleep(this.limits.patienceMs, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.underWay), over]);
    patience.abort();
    this.stop.abort(new Error('the sender stops'));
    await Promise.all(this.underWay);
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      try {
        await this.take(this.limits.atOnce - this.underWay.size);
        if (this.failing) this.log.info('deliveries are claimed again');
        this.failing = false;
        // A delivery that ends, and one that is committed here, wakes it.
        await this.pause.sleep(this.limits.pollMs);
      } catch (error) {
        if (!this.failing) this.log.error({ err: error }, 'deliveries cannot be claimed; it is tried again');
        this.failing = true;
        await this.pause.rest(AFTER_FAILURE_MS, () => this.stopping);
      }
    }
  }

  private async take(free: number): Promise<void> {
    if (free <= 0) return;
    const room = Math.max(0, Math.floor(this.limits.atOnce / 2) - this.suspects);
    const { perWebhook, depth } = this.limits;
    const claims = await this.store.claim(free, perWebhook, room, depth);
    if (claims.length > 0) failpoint('webhooks.after-claim');
    for (const lane of lanesOf(claims)) {
      const suspect = lane.some((claim) => claim.suspect);
      if (suspect) this.suspects += 1;
      const delivering = this.deliverLane.execute(lane, this.stop.signal).finally(() => {
        if (suspect) this.suspects -= 1;
        this.underWay.delete(delivering);
        this.pause.wake();
      });
      this.underWay.add(delivering);
    }
  }
}

function lanesOf(claims: readonly Claim[]): Iterable<Claim[]> {
  return Map.groupBy(claims, ({ webhookId, lane }) => `${webhookId} ${lane}`).values();
}
