import { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { logger } from '@libs/logging';

const log = logger('auth');

/** Work that every instance repeats from its start to its end, never twice at once. A failure is told once, then retried. */
export abstract class RepeatingSchedule implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private running?: Promise<void>;
  private failing = false;

  /** @param name of the work, for the log: `the deny list is made whole` */
  protected constructor(
    private readonly name: string,
    private readonly intervalMs: number,
  ) {}

  protected abstract work(): Promise<void>;

  async onApplicationBootstrap(): Promise<void> {
    await this.tick();
    this.timer = setInterval(() => {
      this.running ??= this.tick().finally(() => (this.running = undefined));
    }, this.intervalMs);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async tick(): Promise<void> {
    try {
      await this.work();
      if (this.failing) log.info({ schedule: this.name }, 'works again');
      this.failing = false;
    } catch (error) {
      if (!this.failing) log.error({ err: error, schedule: this.name }, 'failed; it is tried again');
      this.failing = true;
    }
  }
}
