import { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { logger } from '@libs/logging';
import { PostgresKeyRing } from './postgres-key-ring';
import { SigningKeys } from './signing-keys';

/** A new key is published by every running instance this soon after `auth:rotate-key`. */
export const RELOAD_SECONDS = 3;

const log = logger('auth');

/** Keeps the keys of a running process those of the database. When that is away, the keys it has stay. */
export class ReloadSigningKeys implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private running?: Promise<void>;
  private failing = false;

  constructor(
    private readonly keys: SigningKeys,
    /** Absent when the environment gives the keys. */
    private readonly ring: PostgresKeyRing | undefined,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.ring) return;
    this.timer = setInterval(() => {
      this.running ??= this.reload().finally(() => (this.running = undefined));
    }, RELOAD_SECONDS * 1000);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** Told once, not every three seconds. */
  async reload(): Promise<void> {
    try {
      const keys = (await this.ring?.read()) ?? [];
      const added = keys.filter(({ kid }) => !this.keys.has(kid));
      this.keys.replace(keys);
      for (const { kid, activatesAt } of added) log.info({ kid, activatesAt }, 'a signing key is published');
      if (this.failing) log.info('the signing keys are read again');
      this.failing = false;
    } catch (error) {
      if (!this.failing) log.error({ err: error }, 'the signing keys could not be read');
      this.failing = true;
    }
  }
}
