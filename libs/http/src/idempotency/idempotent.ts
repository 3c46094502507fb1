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
import { IdempotencyKeyReused, IdempotentAnswerLost, RequestInFlight } from '../http-errors';
import { canonicalJson } from './canonical-json';
import { idempotencyKeyOf } from './idempotency-key';
import { IdempotencySecret } from './idempotency-secret';

const LEASE_SECONDS = 30;
const ANSWER_SECONDS = 24 * 60 * 60;
const KEPT_HEADERS = ['location', 'etag'] as const;

const OPTIONS = 'http:idempotency';

/** For a route without a token, whose body may hold a password. The application provides an IdempotencySecret. */
export interface AnonymousKeys {
  /** Whose key it is, from a body that nobody has validated yet: two people who choose one key must not meet. */
  owner: (request: FastifyRequest) => string | undefined;
}

/**
 * For an answer that shows a secret once, to a request that holds none. It is kept encrypted, and replayed to the person
 * who got it and to nobody else of the tenant; 409 `idempotent_answer_lost` once the secret it was encrypted with has
 * changed. The application provides an IdempotencySecret.
 */
export interface SealedAnswers {
  sealed: true;
}

type Options = Partial<AnonymousKeys & SealedAnswers>;

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
export function Idempotent(options?: AnonymousKeys | SealedAnswers): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata<string, Options>(OPTIONS, options ?? {}),
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
    const options = (Reflect.getMetadata(OPTIONS, context.getHandler()) ??
      Reflect.getMetadata(OPTIONS, context.getClass())) as Options;
    const secret =
      options.owner || options.sealed ? this.modules.get(IdempotencySecret, { strict: false }) : undefined;
    const scoped = scopeOf(request, key, options);
    const input = inputOf(request);
    // Only what may hold a password is keyed: else a changed secret would make of every retry another request.
    const inputHash = options.owner && secret ? secret.digest(input) : hash('sha256', input);
    const seal = options.sealed ? secret : undefined;
    const claim = await store.claim(scoped, inputHash, LEASE_SECONDS);
    switch (claim.state) {
      case 'in_flight':
        throw new RequestInFlight();
      case 'mismatch':
        throw new IdempotencyKeyReused(key);
      case 'done':
        return of(
          replay(reply, JSON.parse(seal ? opened(seal, claim.answer, scoped) : claim.answer) as Answer),
        );
      case 'claimed':
        return of(await this.work(next, reply, { store, key: scoped, token: claim.token, seal }));
    }
  }

  private async work(
    next: CallHandler,
    reply: FastifyReply,
    {
      store,
      key,
      token,
      seal,
    }: { store: OneTimeStore; key: string; token: string; seal?: IdempotencySecret },
  ): Promise<unknown> {
    let result: unknown;
    try {
      result = await lastValueFrom(next.handle(), { defaultValue: undefined });
    } catch (error) {
      await quietly(() => store.release(key, token));
      throw error;
    }
    // The effect has happened: an answer that cannot be kept is still the right answer.
    const answer = JSON.stringify(answerOf(reply, result));
    await quietly(() => store.complete(key, token, seal?.seal(answer, key) ?? answer, ANSWER_SECONDS));
    return result;
  }
}

function opened(secret: IdempotencySecret, answer: string, owner: string): string {
  try {
    return secret.open(answer, owner);
  } catch (error) {
    // Not done again: what it made is there.
    logger('http').warn({ err: error }, 'the answer under an idempotency key does not open');
    throw new IdempotentAnswerLost();
  }
}

function scopeOf(request: FastifyRequest, key: string, options: Options): string {
  const { tenantId = 'anonymous', userId } = requestContext.current() ?? {};
  let owner: string = tenantId;
  if (options.owner) owner = `anonymous ${options.owner(request) ?? ''}`;
  // A colleague who happens on the same key and body must not be shown what was shown once.
  else if (options.sealed) owner = `${tenantId} ${userId ?? ''}`;
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
