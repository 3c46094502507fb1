import { RateLimiter, StoreUnavailable } from '@libs/redis';
import { logger } from '@libs/logging';
import { FastifyReply, FastifyRequest } from 'fastify';
import { clientAddress } from './client-address';
import { enforce } from './rate-limit-headers';

const WINDOW_SECONDS = 60;
const WARN_EVERY_MS = 10_000;
const EXEMPT = /^\/(health|metrics)(?:[/?]|$)/;

/** The limit every address has over all routes. It protects capacity, so it opens when its store is away. */
export class GeneralLimit {
  private warnedAt = 0;

  constructor(
    private readonly limiter: RateLimiter,
    private readonly perMinute: number,
  ) {}

  /** @throws TooManyRequests */
  async admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (EXEMPT.test(request.raw.url ?? '')) return;
    try {
      const key = `general:${clientAddress(request)}`;
      enforce(reply, await this.limiter.consume(key, this.perMinute, WINDOW_SECONDS));
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      this.warn();
    }
  }

  private warn(): void {
    const now = Date.now();
    if (now - this.warnedAt < WARN_EVERY_MS) return;
    this.warnedAt = now;
    logger('http').warn('rate limits are off while their store is away');
  }
}
