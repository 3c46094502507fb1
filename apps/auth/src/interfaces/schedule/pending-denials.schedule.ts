import { Injectable, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { logger } from '@libs/logging';
import { PublishPendingDenials } from '../../application/publish-pending-denials';

/** Every service looks at the deny list each 500 ms: together that stays below the second which is promised. */
const INTERVAL_MS = 250;

const log = logger('auth');

/** Looks for denials that a command left. */
@Injectable()
export class PendingDenialsSchedule implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private running?: Promise<void>;
  private failing = false;

  constructor(private readonly publish: PublishPendingDenials) {}

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
      await this.publish.execute();
      this.failing = false;
    } catch (error) {
      if (!this.failing) log.error({ err: error }, 'denials of a command could not be published');
      this.failing = true;
    }
  }
}
