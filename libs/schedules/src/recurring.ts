import { setTimeout as sleep } from 'node:timers/promises';
import { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { logger } from '@libs/logging';

export interface RecurringWork {
  /** Whose log it is: `events.upkeep`. */
  log: string;
  /** What is done, as a sentence that the log can end: `insights are looked for`. */
  name: string;
  /** The rest between two turns, unless a turn says another one. */
  everyMs: number;
  /** Whether the application is up only after the first turn; otherwise that goes on beside it. */
  first?: 'awaited';
}

/**
 * Work that every instance repeats from its start to its end, never twice at once. A failure is told once, then retried until it
 * works again, which is told, too. At shutdown the turn that is running is waited for; its signal says that there is no more time.
 */
export abstract class Recurring implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly log: ReturnType<typeof logger>;
  private loop?: Promise<void>;
  private failing = false;

  protected constructor(private readonly work: RecurringWork) {
    this.log = logger(work.log);
  }

  /** Does the work once. @returns how long to rest, in milliseconds, where it is not `everyMs` */
  protected abstract turn(signal: AbortSignal): Promise<number | void>;

  /** How long to rest after a failure, in milliseconds. */
  protected afterFailure(_error: unknown): number {
    return this.work.everyMs;
  }

  /** What the log says of a failure; ids, never values. */
  protected told(error: unknown): object {
    return { err: error };
  }

  async onApplicationBootstrap(): Promise<void> {
    const first = this.once();
    if (this.work.first === 'awaited') await first;
    this.loop = this.run(first);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  private async run(turn: Promise<number>): Promise<void> {
    const { signal } = this.stopping;
    for (;;) {
      const pause = await turn;
      // Ends early, by rejecting, only when the process stops.
      await sleep(pause, undefined, { signal, ref: false }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      if (signal.aborted) return;
      turn = this.once();
    }
  }

  /** @returns the rest after it */
  private async once(): Promise<number> {
    const { name: schedule, everyMs } = this.work;
    try {
      const pause = (await this.turn(this.stopping.signal)) ?? everyMs;
      if (this.failing) this.log.info({ schedule }, 'works again');
      this.failing = false;
      return pause;
    } catch (error) {
      if (!this.failing) this.log.error({ ...this.told(error), schedule }, 'failed; it is tried again');
      this.failing = true;
      return this.afterFailure(error);
    }
  }
}
