import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { logger } from '@libs/logging';
import { RejectionStore } from '../../application/rejections/rejection-store';

const INTERVAL_MS = 15 * 60_000;
/** Few enough not to hold locks for long. */
const AT_ONCE = 1_000;

const log = logger('events.sink');

/** Rejected events that were kept long enough go; every sink looks, one of them does it. */
@Injectable()
export class PurgeRejectionsSchedule implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private loop?: Promise<void>;

  constructor(private readonly store: RejectionStore) {}

  onApplicationBootstrap(): void {
    this.loop = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        while (!signal.aborted && (await this.store.purge(AT_ONCE)) === AT_ONCE);
      } catch (error) {
        log.error({ err: error }, 'rejected events cannot be purged; it is tried again');
      }
      // Ends early, by rejecting, only when the process stops.
      await sleep(INTERVAL_MS, undefined, { signal, ref: false }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    }
  }
}
