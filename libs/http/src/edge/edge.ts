import { requestContext } from '@libs/kernel';
import { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Cors } from '../cors';
import { Readiness } from '../health';
import { MalformedInput } from '../http-errors';
import { decorateIngestion, markIngestion } from '../ingestion';
import { checkBodyHeaders } from '../json/json-body';
import { sendProblem } from '../problem.filter';
import { GeneralLimit } from '../rate-limit/general-limit';
import { StrangersLimit } from '../rate-limit/strangers-limit';
import { RequestLog } from '../request-log';
import { SecurityHeaders } from '../security-headers';
import { traceparentOf } from '../trace';
import { checkUpgrade } from '../upgrade/upgrade';

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
  private limit?: GeneralLimit;
  private strangers?: StrangersLimit;

  constructor(private readonly parts: EdgeParts) {}

  /** Once the application exists; never where the limit is off. */
  bind(limit: GeneralLimit): void {
    this.limit = limit;
    this.strangers = new StrangersLimit(limit);
  }

  install(fastify: FastifyInstance): void {
    decorateIngestion(fastify);
    fastify.addHook('onRequest', (request, reply, done) => this.onRequest(request, reply, done));
    fastify.addHook('onSend', (request, reply, payload, done) => {
      this.parts.cors.onSend(request, reply);
      if (this.strangers?.concerns(request, reply)) this.strangers.count(request, reply, payload, done);
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
        checkUpgrade(request);
      } catch (error) {
        // Not by the application's filter: what is outside of Nest (/health, /metrics) has none.
        sendProblem(reply, error);
        return;
      }
      if (request.ingestion) done(this.strangers?.refusal(request));
      else if (this.limit) this.limit.admit(request, reply, done);
      else done();
    });
  }
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
