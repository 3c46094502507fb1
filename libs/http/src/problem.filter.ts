import { ArgumentsHost, Catch, ExceptionFilter, NotFoundException } from '@nestjs/common';
import { logger } from '@libs/logging';
import { FastifyReply } from 'fastify';
import { RouteTable } from './edge/route-table';
import { MethodNotAllowed, RouteNotFound } from './http-errors';
import { Problem, problemBody, problemOf } from './problem';

/** An application's own translation of errors it does not raise itself; undefined leaves the error as it is. */
export type TranslateError = (error: unknown) => Error | undefined;

/** Turns whatever an HTTP route throws into `application/problem+json`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly routes: RouteTable,
    private readonly translate: TranslateError = () => undefined,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const unmatched = error instanceof NotFoundException && reply.request.is404;
    sendProblem(reply, unmatched ? this.unmatched(reply) : (this.translate(error) ?? error));
  }

  private unmatched(reply: FastifyReply): Error {
    const methods = this.routes.methodsOf(reply.request.raw.url ?? '/');
    return methods.length > 0 ? new MethodNotAllowed(methods) : new RouteNotFound();
  }
}

/** Answers with the problem of `error`; a reply that has begun is left alone. */
export function sendProblem(reply: FastifyReply, error: unknown): void {
  const problem = problemOf(error);
  if (problem.status >= 500) report(problem, error);
  if (reply.sent || reply.raw.headersSent) return;
  if (problem.retryAfter !== undefined) void reply.header('retry-after', String(problem.retryAfter));
  if (error instanceof MethodNotAllowed) void reply.header('allow', error.allow.join(', '));
  if (problem.status === 401 && reply.getHeader('www-authenticate') === undefined)
    void reply.header('www-authenticate', 'Bearer');
  void reply
    .code(problem.status)
    .header('content-type', 'application/problem+json')
    .header('cache-control', 'no-store')
    .send(problemBody(problem, reply.request.id));
}

function report(problem: Problem, error: unknown): void {
  const log = logger('http');
  // A dependency that is away is its own alarm; a stack for each request would drown it.
  if (problem.status === 503) log.warn({ code: problem.code }, 'answered unavailable');
  else log.error({ err: error }, 'unexpected failure');
}
