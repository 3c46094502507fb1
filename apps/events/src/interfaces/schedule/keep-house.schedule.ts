import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { metrics } from '@libs/http';
import { logger } from '@libs/logging';
import { KeepHouse } from '../../application/keep-house';

const HOUR_MS = 3_600_000;
/** After a failure. */
const SOON_MS = 60_000;
const LAST = 'events_upkeep_last_success_seconds';

const log = logger('events.upkeep');

/** Every sink keeps house, at its start and each hour. */
@Injectable()
export class KeepHouseSchedule implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly last =
    (metrics.getSingleMetric(LAST) as Gauge | undefined) ??
    new Gauge({
      name: LAST,
      help: 'When partitions and retention were last seen to, in seconds of the epoch.',
      registers: [metrics],
    });
  private readonly stopping = new AbortController();
  private loop?: Promise<void>;

  constructor(private readonly house: KeepHouse) {}

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
      const done = await this.once(signal);
      // Not all of them in the same second.
      const pause = done ? HOUR_MS * (0.9 + Math.random() * 0.2) : SOON_MS;
      // Ends early, by rejecting, only when the process stops.
      await sleep(pause, undefined, { signal, ref: false }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    }
  }

  private async once(signal: AbortSignal): Promise<boolean> {
    try {
      const { dropped, deleted } = await this.house.execute(signal);
      if (dropped.length > 0 || deleted > 0) log.info({ dropped, deleted }, 'old events are gone');
      this.last.setToCurrentTime();
      return true;
    } catch (error) {
      log.error({ err: error }, 'partitions and retention could not be seen to; it is tried again');
      return false;
    }
  }
}
