import { applyDecorators, CanActivate, ExecutionContext, Injectable, UseGuards } from '@nestjs/common';
import { ModuleRef, Reflector } from '@nestjs/core';
import { ApiTooManyRequestsResponse } from '@nestjs/swagger';
import { InProcessRateLimiter, RateLimiter, StoreUnavailable } from '@libs/redis';
import { logger } from '@libs/logging';
import { FastifyReply, FastifyRequest } from 'fastify';
import { verdict } from './rate-limit-headers';

export interface RateLimitRule {
  /** Part of the counter's key; names the limit in `rateLimits` of createHttpApp, which overrides `limit`. */
  name: string;
  limit: number;
  windowSeconds: number;
  /** The limit of one caller who has a plan of its own, from that of the rule (0: none). */
  planned?: (request: FastifyRequest, limit: number) => number;
  /** What is counted apart: an address, an account. Undefined counts nothing. */
  key: (request: FastifyRequest) => string | undefined;
  /**
   * What happens while the store is away: `open` lets everything pass; `in_process` (for what guards secrets) counts
   * in this process alone, against a limit reduced to a half.
   */
  whenAway?: 'open' | 'in_process';
}

/** Limits set by the environment, by rule name; 0 switches a rule off. */
export type RateLimitOverrides = Readonly<Record<string, number>>;
const overrides = new WeakMap<object, RateLimitOverrides>();

/** For createHttpApp: what the requests of this Fastify instance are held to. */
export function overrideRateLimits(server: object, limits: RateLimitOverrides): void {
  overrides.set(server, limits);
}

const RULES = 'http:rate-limit-rules';

/** Limits a route on top of the general limit. Several may stand on one route; each is counted. */
export function RateLimit(rule: RateLimitRule): MethodDecorator {
  return applyDecorators(
    (target: object, property: string | symbol, descriptor: PropertyDescriptor) => {
      const handler = descriptor.value as object;
      const rules = (Reflect.getMetadata(RULES, handler) as RateLimitRule[] | undefined) ?? [];
      if (rules.length === 0) UseGuards(RateLimitGuard)(target, property, descriptor);
      Reflect.defineMetadata(RULES, [...rules, rule], handler);
    },
    ApiTooManyRequestsResponse({ description: 'Too many; see Retry-After.' }),
  );
}

/** Counts before the handler runs, after authentication. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  private readonly fallback = new InProcessRateLimiter();

  constructor(
    private readonly modules: ModuleRef,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rules = this.reflector.get<RateLimitRule[]>(RULES, context.getHandler());
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const limiter = this.modules.get(RateLimiter, { strict: false });
    for (const rule of rules) {
      const key = rule.key(request);
      const general = limitOf(request, rule);
      const limit = rule.planned ? rule.planned(request, general) : general;
      if (key === undefined || limit === 0) continue;
      const decision = await this.consume(limiter, rule, `${rule.name}:${key}`, limit);
      const refusal = decision && verdict(http.getResponse<FastifyReply>(), decision);
      if (refusal) throw refusal;
    }
    return true;
  }

  private async consume(limiter: RateLimiter, rule: RateLimitRule, key: string, limit: number) {
    try {
      return await limiter.consume(key, limit, rule.windowSeconds);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      logger('http').warn({ limit: rule.name }, 'a rate limit is without its store');
      if (rule.whenAway !== 'in_process') return undefined;
      return this.fallback.consume(key, Math.ceil(limit / 2), rule.windowSeconds);
    }
  }
}

function limitOf(request: FastifyRequest, rule: RateLimitRule): number {
  // plugins see a child of the instance that createHttpApp knows
  for (
    let server: object | null = request.server;
    server;
    server = Object.getPrototypeOf(server) as object | null
  ) {
    const limit = overrides.get(server)?.[rule.name];
    if (limit !== undefined) return limit;
  }
  return rule.limit;
}
