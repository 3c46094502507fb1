import { logger } from '@libs/logging';
import { FastifyReply, FastifyRequest } from 'fastify';
import { Observe, requestObserver } from './metrics';

const OPERATIONAL = /^\/(health|metrics|api-docs)/;

/** One line and one observation a finished request: pattern, never the path's values; ids, never bodies. */
export class RequestLog {
  private readonly log = logger('http');
  private readonly observers = new Map<string, Observe>();

  constructor(private readonly app: string) {}

  finished(request: FastifyRequest, reply: FastifyReply): void {
    const method = request.method;
    const status = reply.statusCode;
    const route = request.routeOptions.url ?? 'unmatched';
    const milliseconds = reply.elapsedTime;
    this.observer(method, route, status)(milliseconds);
    if (!this.log.isLevelEnabled('info') || OPERATIONAL.test(route)) return;
    this.log.info({ method, route, status, ms: Math.round(milliseconds * 10) / 10 }, 'request');
  }

  private observer(method: string, route: string, status: number): Observe {
    const key = `${method} ${status} ${route}`;
    let observer = this.observers.get(key);
    if (!observer) {
      observer = requestObserver(this.app, method, route, status);
      this.observers.set(key, observer);
    }
    return observer;
  }
}
