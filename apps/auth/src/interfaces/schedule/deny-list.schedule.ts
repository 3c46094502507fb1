import { Injectable, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { logger } from '@libs/logging';
import { ReconcileDenyList } from '../../application/reconcile-deny-list';

const INTERVAL_MS = 1_000;

const log = logger('auth');

/** Keeps the deny list whole, from the start on. */
@Injectable()
export class DenyListSchedule implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private running?: Promise<void>;
  private failing = false;

  constructor(private readonly reconcile: ReconcileDenyList) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.tick();
    this.timer = setInterval(() => {
      this.running ??= this.tick().finally(() => (this.running = undefined));
    }, INTERVAL_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** A store or a database that is away is tried again a second later; it is told once. */
  private async tick(): Promise<void> {
    try {
      await this.reconcile.execute();
      if (this.failing) log.info('the deny list is whole again');
      this.failing = false;
    } catch (error) {
      if (!this.failing) log.error({ err: error }, 'the deny list could not be made whole');
      this.failing = true;
    }
  }
}
