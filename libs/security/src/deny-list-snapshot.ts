import { Injectable, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { Clock } from '@libs/kernel';
import { logger } from '@libs/logging';
import { ExpiringSet } from '@libs/redis';
import { DENY_LIST, isDenied } from './deny-list';
import { Principal } from './principal';

const INTERVAL_MS = 500;
const TRUSTED_MS = 2_000;

const log = logger('security');

/**
 * The deny list as this process last saw it, refreshed every 500 ms, so that a revocation is known everywhere within a
 * second and no request waits for it. With the store away it grows stale: reads go on, money routes ask `isFresh`.
 */
@Injectable()
export class DenyListSnapshot implements OnModuleInit, OnApplicationShutdown {
  private members: ReadonlySet<string> = new Set();
  private seenAt = -Infinity;
  private away = false;
  private timer?: NodeJS.Timeout;
  private refreshing?: Promise<void>;

  constructor(
    private readonly set: ExpiringSet,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.refresh();
    this.timer = setInterval(() => void this.refresh(), INTERVAL_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  denies(principal: Principal): boolean {
    return isDenied(this.members, principal);
  }

  /** Seen within the last 2 s; a clock that was set back tells nothing until the next look. */
  get isFresh(): boolean {
    return Math.abs(this.clock.now().getTime() - this.seenAt) <= TRUSTED_MS;
  }

  /** Looks at the store now; never rejects: a store that is away shows in `isFresh`. */
  refresh(): Promise<void> {
    // The moment before asking counts, not the moment of the answer: it may lack what was added in between.
    const asked = this.clock.now().getTime();
    this.refreshing ??= this.set
      .snapshot(DENY_LIST)
      .then(({ members }) => {
        this.members = members;
        this.seenAt = asked;
        if (this.away) log.info('the deny list is fresh again');
        this.away = false;
      })
      .catch((error: unknown) => {
        if (!this.away) log.error({ err: error }, 'the deny list cannot be read: revocations are not seen');
        this.away = true;
      })
      .finally(() => {
        this.refreshing = undefined;
      });
    return this.refreshing;
  }
}
