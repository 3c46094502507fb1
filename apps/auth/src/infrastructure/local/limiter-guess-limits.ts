import { InProcessRateLimiter, RateLimiter, StoreUnavailable } from '@libs/redis';
import { logger } from '@libs/logging';
import { UserId } from '@libs/kernel';
import { GuessLimits } from '../../application/sign-in/guess-limits';
import { TooManyAttempts } from '../../domain/auth.errors';

const WINDOWS = [
  { name: 'quarter', seconds: 15 * 60, share: 2 },
  { name: 'day', seconds: 24 * 60 * 60, share: 10 },
] as const;

const log = logger('auth');

/**
 * Twice as many guesses as sign-ins in 15 min, ten times as many in a day: 50 a day against three codes of a million
 * that are good at a time, so that a stolen password alone opens 15 in 100,000 accounts a day.
 */
export class LimiterGuessLimits extends GuessLimits {
  private readonly fallback = new InProcessRateLimiter();

  /** @param loginLimit sign-ins in 15 min; 0 switches the limits off */
  constructor(
    private readonly limiter: RateLimiter,
    private readonly loginLimit: number,
  ) {
    super();
  }

  async countSecondFactor(userId: UserId): Promise<void> {
    if (this.loginLimit === 0) return;
    for (const { name, seconds, share } of WINDOWS)
      if (!(await this.admits(`second-factor:${name}:${userId}`, this.loginLimit * share, seconds)))
        throw new TooManyAttempts();
  }

  private async admits(key: string, limit: number, seconds: number): Promise<boolean> {
    try {
      return (await this.limiter.consume(key, limit, seconds)).allowed;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      log.warn('the limit of second factors is without its store');
      return (await this.fallback.consume(key, Math.ceil(limit / 2), seconds)).allowed;
    }
  }
}
