import { createHash } from 'node:crypto';
import { logger } from '@libs/logging';
import { RateDecision, RateLimiter, StoreUnavailable } from '@libs/redis';
import { LoginLimits, LoginQuota } from '../../application/login-limits';
import { networkOf } from './network';
import { RecentAttempts } from './recent-attempts';

const WINDOW_SECONDS = 15 * 60;

const log = logger('auth');

/**
 * Counts sign-ins for all instances together. While the store is away each instance counts alone and admits less:
 * several of them together must not admit more than one limit was meant to.
 */
export class SharedLoginLimits extends LoginLimits {
  private readonly alone = new RecentAttempts(WINDOW_SECONDS * 1000);
  private away = false;

  /** @param limit attempts per 15 min, by address and by account; 0 switches both off */
  constructor(
    private readonly limiter: RateLimiter,
    private readonly limit: number,
  ) {
    super();
  }

  async consume(ip: string, account: string): Promise<LoginQuota | undefined> {
    if (this.limit === 0) return undefined;
    const byAddress = await this.decide(`login:ip:${networkOf(ip)}`);
    // A refused address must not use up an account's tries: it could lock out whom it likes.
    if (!byAddress.allowed) return byAddress;
    const byAccount = await this.decide(`login:account:${accountKey(account)}`);
    return !byAccount.allowed || byAccount.remaining < byAddress.remaining ? byAccount : byAddress;
  }

  private async decide(key: string): Promise<RateDecision> {
    try {
      const decision = await this.limiter.consume(key, this.limit, WINDOW_SECONDS);
      this.away = false;
      return decision;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      if (!this.away) log.error({ err: error }, 'sign-ins are limited by this process alone');
      this.away = true;
      return this.alone.consume(key, Math.max(1, Math.floor(this.limit / 2)));
    }
  }
}

/** No e-mail address among the keys of the store. */
function accountKey(account: string): string {
  return createHash('sha256').update(account).digest('base64url');
}
