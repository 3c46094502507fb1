import { createParamDecorator, ExecutionContext } from '@nestjs/common';
import { FastifyRequest } from 'fastify';
import { MalformedInput } from '../http-errors';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** The request's `Idempotency-Key`, or undefined. @throws MalformedInput `malformed_idempotency_key` */
export function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !KEY.test(key))
    throw new MalformedInput(
      'malformed_idempotency_key',
      'An Idempotency-Key is 1 to 255 visible ASCII characters, sent once.',
    );
  return key;
}

/** Parameter decorator: the validated key, for what derives ids from it. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext) =>
  idempotencyKeyOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
