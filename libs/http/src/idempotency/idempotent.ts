import {
  applyDecorators,
  CallHandler,
  ExecutionContext,
  Injectable,
  NestInterceptor,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ApiHeader } from '@nestjs/swagger';
import { requestContext } from '@libs/kernel';
import { logger } from '@libs/logging';
import { OneTimeStore, StoreUnavailable } from '@libs/redis';
import { FastifyReply, FastifyRequest } from 'fastify';
import { hash } from 'node:crypto';
import { lastValueFrom, Observable, of } from 'rxjs';
import { IdempotencyKeyReused, RequestInFlight } from '../http-errors';
import { canonicalJson } from './canonical-json';
import { idempotencyKeyOf } from './idempotency-key';
import { IdempotencySecret } from './idempotency-secret';

const LEASE_SECONDS = 30;
const ANSWER_SECONDS = 24 * 60 * 60;
const KEPT_HEADERS = ['location', 'etag'] as const;

const ANONYMOUS = 'http:idempotency-of-anonymous';

/** For a route without a token, whose body may hold a password. The application provides an IdempotencySecret. */
export interface AnonymousKeys {
  /** Whose key it is, from a body that nobody has validated yet: two people who choose one key must not meet. */
  owner: (request: FastifyRequest) => string | undefined;
}

interface Answer {
  status: number;
  /** JSON; absent for an empty answer. */
  body?: string;
  headers: Partial<Record<(typeof KEPT_HEADERS)[number], string>>;
}

/**
 * Lets clients retry a POST: with an `Idempotency-Key`, the same request of the same tenant gets the first answer
 * again (24 h), another request with the key 422, one that is still worked on 409. Without a key nothing changes;
 * with a key and the store away, 503: a promise that cannot be kept is not made.
 */
export function Idempotent(anonymous?: AnonymousKeys): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata(ANONYMOUS, anonymous),
    UseInterceptors(IdempotencyInterceptor),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'Makes a retry safe: the same key and body get the same answer for 24 hours.',
    }),
  );
}

@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly modules: ModuleRef) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const key = idempotencyKeyOf(request);
    if (key === undefined) return next.handle();
    const store = this.modules.get(OneTimeStore, { strict: false });
    const anonymous = (Reflect.getMetadata(ANONYMOUS, context.getHandler()) ??
      Reflect.getMetadata(ANONYMOUS, context.getClass())) as AnonymousKeys | undefined;
    const scoped = scopeOf(request, key, anonymous);
    const input = inputOf(request);
    const inputHash = anonymous
      ? this.modules.get(IdempotencySecret, { strict: false }).digest(input)
      : hash('sha256', input);
    const claim = await store.claim(scoped, inputHash, LEASE_SECONDS);
    switch (claim.state) {
      case 'in_flight':
        throw new RequestInFlight();
      case 'mismatch':
        throw new IdempotencyKeyReused(key);
      case 'done':
        return of(replay(reply, JSON.parse(claim.answer) as Answer));
      case 'claimed':
        return of(await this.work(next, reply, store, scoped, claim.token));
    }
  }

  private async work(
    next: CallHandler,
    reply: FastifyReply,
    store: OneTimeStore,
    key: string,
    token: string,
  ): Promise<unknown> {
    let result: unknown;
    try {
      result = await lastValueFrom(next.handle(), { defaultValue: undefined });
    } catch (error) {
      await quietly(() => store.release(key, token));
      throw error;
    }
    // The effect has happened: an answer that cannot be kept is still the right answer.
    await quietly(() => store.complete(key, token, JSON.stringify(answerOf(reply, result)), ANSWER_SECONDS));
    return result;
  }
}

function scopeOf(request: FastifyRequest, key: string, anonymous?: AnonymousKeys): string {
  const owner = anonymous
    ? `anonymous ${anonymous.owner(request) ?? ''}`
    : (requestContext.current()?.tenantId ?? 'anonymous');
  return `idempotency:${owner}:${request.method} ${request.routeOptions.url ?? ''}:${key}`;
}

/** The URL is input too: one key for the reversals of two releases is a mistake. */
function inputOf(request: FastifyRequest): string {
  return `${request.url}\n${canonicalJson(request.body ?? null)}`;
}

function answerOf(reply: FastifyReply, result: unknown): Answer {
  const headers: Answer['headers'] = {};
  for (const name of KEPT_HEADERS) {
    const value = reply.getHeader(name);
    if (typeof value === 'string') headers[name] = value;
  }
  return {
    status: reply.statusCode,
    body: result === undefined ? undefined : JSON.stringify(result),
    headers,
  };
}

function replay(reply: FastifyReply, answer: Answer): unknown {
  void reply.code(answer.status).headers(answer.headers).header('idempotency-replayed', 'true');
  return answer.body === undefined ? undefined : JSON.parse(answer.body);
}

/** For what must not turn a settled answer into an error while the store is away; its lease ends by itself. */
async function quietly(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    logger('http').warn('an idempotency key could not be settled: its store is away');
  }
}
