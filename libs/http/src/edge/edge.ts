import { requestContext } from '@libs/kernel';
import { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Cors } from '../cors';
import { Readiness } from '../health';
import { MalformedInput, TooManyRequests } from '../http-errors';
import { decorateIngestion, markIngestion } from '../ingestion';
import { checkBodyHeaders } from '../json/json-body';
import { problemBody, problemOf } from '../problem';
import { sendProblem } from '../problem.filter';
import { GeneralLimit } from '../rate-limit/general-limit';
import { RequestLog } from '../request-log';
import { SecurityHeaders } from '../security-headers';
import { traceparentOf } from '../trace';

export interface EdgeParts {
  headers: SecurityHeaders;
  cors: Cors;
  readiness: Readiness;
  log: RequestLog;
}

type Done = (error?: Error) => void;

/**
 * What every request passes before any route: one synchronous hook, because each hook and each promise costs the
 * hot path. Only the general rate limit waits for something.
 */
export class Edge {
  /** Bound once the application exists; undefined while the limit is off. */
  limit?: GeneralLimit;

  constructor(private readonly parts: EdgeParts) {}

  install(fastify: FastifyInstance): void {
    decorateIngestion(fastify);
    fastify.addHook('onRequest', (request, reply, done) => this.onRequest(request, reply, done));
    fastify.addHook('onSend', (request, reply, payload, done) => {
      this.parts.cors.onSend(request, reply);
      if (this.limit && request.ingestion && isRefusalOfNobody(reply.statusCode))
        this.charge(this.limit, request, reply, payload, done);
      else done(null, payload);
    });
    fastify.addHook('onResponse', (request, reply, done) => {
      this.parts.log.finished(request, reply);
      done();
    });
  }

  /** For what is refused before any hook runs, a malformed URL for one. */
  refuse(request: FastifyRequest, reply: FastifyReply, error: Error): void {
    const requestId = request.id;
    requestContext.run({ requestId }, () => {
      this.stamp(request, reply);
      sendProblem(reply, error);
      this.parts.log.finished(request, reply);
    });
  }

  private stamp(request: FastifyRequest, reply: FastifyReply): void {
    const { headers, readiness } = this.parts;
    const docs = request.raw.url?.startsWith('/api-docs') === true;
    void reply.headers(docs ? headers.docs : headers.api).header('x-request-id', request.id);
    // a kept-alive connection would go on sending to a process that leaves
    if (readiness.draining) void reply.header('connection', 'close');
  }

  private onRequest(request: FastifyRequest, reply: FastifyReply, done: Done): void {
    const traceparent = traceparentOf(request.raw.headers.traceparent);
    requestContext.run({ requestId: request.id, traceparent }, () => {
      this.stamp(request, reply);
      void reply.header('traceparent', traceparent);
      if (this.parts.cors.onRequest(request, reply)) return;
      markIngestion(request);
      try {
        checkHost(request);
        checkVersion(request);
        checkUrl(request);
        checkBodyHeaders(request);
      } catch (error) {
        done(error as Error);
        return;
      }
      if (this.limit && !request.ingestion) this.limit.admit(request, reply, done);
      else done();
    });
  }

  /** What an ingestion route refused before it knew who asks counts like any other request of that address. */
  private charge(
    limit: GeneralLimit,
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
    done: (error: Error | null, payload?: unknown) => void,
  ): void {
    limit.admit(request, reply, (error) => {
      if (!(error instanceof TooManyRequests)) {
        done(error ?? null, payload);
        return;
      }
      const problem = problemOf(error);
      void reply
        .removeHeader('www-authenticate')
        .code(problem.status)
        .header('retry-after', String(problem.retryAfter));
      done(null, problemBody(problem, request.id));
    });
  }
}

function isRefusalOfNobody(status: number): boolean {
  return status >= 400 && status < 500 && requestContext.current()?.tenantId === undefined;
}

function checkHost({ raw }: FastifyRequest): void {
  if (raw.headers.host === undefined && raw.httpVersionMinor > 0)
    throw new MalformedInput('malformed_http', 'An HTTP/1.1 request has a Host header.');
}

function checkVersion(request: FastifyRequest): void {
  const version = request.raw.headers['x-api-version'];
  if (version !== undefined && version !== '1' && version !== 'v1')
    throw new MalformedInput('unknown_api_version', 'X-API-Version is 1 here.');
}

// PostgreSQL has no NUL in text, and nothing else good comes of one.
function checkUrl(request: FastifyRequest): void {
  if (request.raw.url?.includes('%00'))
    throw new MalformedInput('forbidden_character', 'A URL must not contain NUL.');
}
