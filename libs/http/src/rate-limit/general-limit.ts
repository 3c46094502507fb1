import { RateLimiter, StoreUnavailable } from '@libs/redis';
import { logger } from '@libs/logging';
import { FastifyReply, FastifyRequest } from 'fastify';
import { Socket } from 'node:net';
import { clientAddress } from './client-address';
import { verdict } from './rate-limit-headers';

const WINDOW_SECONDS = 60;
const WARN_EVERY_MS = 10_000;
const EXEMPT = /^\/(health|metrics)(?:[/?]|$)/;

/** The limit every address has over all routes. It protects capacity, so it opens when its store is away. */
export class GeneralLimit {
  private warnedAt = 0;
  private readonly keys = new WeakMap<Socket, string>();

  constructor(
    private readonly limiter: RateLimiter,
    private readonly perMinute: number,
    private readonly behindProxy: boolean,
  ) {}

  /** Calls `done` once, with TooManyRequests or without. A callback, for want of a cheaper promise. */
  admit(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
    if (EXEMPT.test(request.raw.url ?? '')) {
      done();
      return;
    }
    this.limiter.consume(this.keyOf(request), this.perMinute, WINDOW_SECONDS).then(
      (decision) => done(verdict(reply, decision)),
      (error: unknown) => {
        if (error instanceof StoreUnavailable) this.warn();
        done(error instanceof StoreUnavailable ? undefined : (error as Error));
      },
    );
  }

  /** A connection has one address, unless proxies speak for others over it. */
  private keyOf(request: FastifyRequest): string {
    const { socket } = request.raw;
    if (this.behindProxy) return `general:${clientAddress(request)}`;
    let key = this.keys.get(socket);
    if (key === undefined) {
      key = `general:${clientAddress(request)}`;
      this.keys.set(socket, key);
    }
    return key;
  }

  private warn(): void {
    const now = Date.now();
    if (now - this.warnedAt < WARN_EVERY_MS) return;
    this.warnedAt = now;
    logger('http').warn('rate limits are off while their store is away');
  }
}
