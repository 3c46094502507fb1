import { Injectable, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { logger } from '@libs/logging';
import { PurgeDenials } from '../../application/purge-denials';

const INTERVAL_MS = 60_000;

const log = logger('auth');

/** Every instance does; who comes second finds nothing. */
@Injectable()
export class PurgeDenialsSchedule implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private running?: Promise<void>;

  constructor(private readonly purge: PurgeDenials) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running ??= this.tick().finally(() => (this.running = undefined));
    }, INTERVAL_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async tick(): Promise<void> {
    try {
      await this.purge.execute();
    } catch (error) {
      log.warn({ err: error }, 'ended denials could not be purged; in a minute again');
    }
  }
}
