import { isUuid, requestContext } from '@libs/kernel';
import { logger, writeOwnLine } from '@libs/logging';
import { FastifyReply, FastifyRequest } from 'fastify';
import { Observe, requestObserver } from './metrics';

const OPERATIONAL = /^\/(health|metrics|api-docs)/;

/** What never changes for one route, method and status, made once. */
interface Series {
  observe: Observe;
  /** The members of the log line that it shares with all others of the series; undefined where none is written. */
  members?: string;
}

/** One line and one observation a finished request: the route's pattern, never its values; ids, never bodies. */
export class RequestLog {
  private readonly log = logger('http');
  /** By route, then by `method status`: asked on every request, so without building a key of both. */
  private readonly routes = new Map<string, Map<string, Series>>();

  constructor(private readonly app: string) {}

  finished(request: FastifyRequest, reply: FastifyReply): void {
    const milliseconds = reply.elapsedTime;
    const series = this.series(request.routeOptions.url ?? 'unmatched', request.method, reply.statusCode);
    series.observe(milliseconds);
    if (series.members !== undefined && this.log.isLevelEnabled('info'))
      this.write(request.id, series.members, Math.round(milliseconds * 10) / 10);
  }

  private write(requestId: string, members: string, ms: number): void {
    const tenantId = requestContext.current()?.tenantId;
    // An id that a client chose may be anything, a CPF for one: that line goes the long way, through redaction.
    if (!isUuid(requestId)) {
      this.log.info({ ...(JSON.parse(`{${members}}`) as object), ms }, 'request');
      return;
    }
    const tenant = isUuid(tenantId) ? `"tenantId":"${tenantId}",` : '';
    writeOwnLine('http', `"requestId":"${requestId}",${tenant}${members},"ms":${ms},"msg":"request"`);
  }

  private series(route: string, method: string, status: number): Series {
    let ofRoute = this.routes.get(route);
    if (!ofRoute) {
      ofRoute = new Map();
      this.routes.set(route, ofRoute);
    }
    const key = method + status;
    let series = ofRoute.get(key);
    if (!series) {
      const members = JSON.stringify({ method, route, status }).slice(1, -1);
      series = {
        observe: requestObserver(this.app, method, route, status),
        members: OPERATIONAL.test(route) ? undefined : members,
      };
      ofRoute.set(key, series);
    }
    return series;
  }
}
