import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { logger } from '@libs/logging';
import { FindInsights, InsightsFailed } from '../../application/projections/find-insights';

const INTERVAL_MS = 1_000;
const LONGEST_PAUSE_MS = 2_000;
/** After work it rests as long as it worked, and longer: what the log brings goes before what is made of it. */
const REST = 3;

const log = logger('events.sink');

/** Every sink looks for insights; marks of one that died are another's. */
@Injectable()
export class FindInsightsSchedule implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private loop?: Promise<void>;

  constructor(private readonly find: FindInsights) {}

  onApplicationBootstrap(): void {
    this.loop = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    let failing = false;
    while (!this.stopping.signal.aborted) {
      const started = performance.now();
      let found = 0;
      try {
        found = await this.find.execute();
        if (failing) log.info('insights are looked for again');
        failing = false;
      } catch (error) {
        // the others' were looked for, and more of theirs may wait
        if (error instanceof InsightsFailed) found = error.looked;
        if (!failing) log.error(told(error), 'insights cannot be looked for; it is tried again');
        failing = true;
      }
      const worked = performance.now() - started;
      await this.rest(found > 0 ? Math.min(REST * worked, LONGEST_PAUSE_MS) : INTERVAL_MS);
    }
  }

  private async rest(ms: number): Promise<void> {
    const { signal } = this.stopping;
    // Ends early, by rejecting, only when the process stops.
    await sleep(ms, undefined, { signal, ref: false }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

function told(error: unknown): object {
  if (!(error instanceof InsightsFailed)) return { err: error };
  const { failures, cause } = error;
  // ten are enough to see what they have in common
  return {
    err: cause,
    tenants: failures.length,
    tenantIds: failures.slice(0, 10).map(({ tenantId }) => tenantId),
  };
}
