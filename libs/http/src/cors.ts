import { requestContext } from '@libs/kernel';
import { FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    cors: Cors;
  }
}

/** Which origins tenants registered; bound by an application that keeps a copy of its tenants. */
export abstract class TenantOrigins {
  /** Some active tenant registered it: enough where nobody is known yet. */
  abstract isRegistered(origin: string): boolean;
  abstract isOf(tenantId: string, origin: string): boolean;
}

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const REQUEST_HEADERS =
  'Authorization, Content-Type, Idempotency-Key, X-API-Key, X-API-Version, X-Request-Id, traceparent';
const EXPOSED =
  'Age, Idempotency-Replayed, Location, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-After, X-Cache, X-Request-Id';
const PREFLIGHT_SECONDS = '600';

/**
 * Cross-origin answers. An origin of the allow-list is named at once; a tenant's own origin only on an answer to
 * that tenant, so that one tenant's page cannot read another's data with a stolen token. An answer to nobody in particular
 * (a preflight, a sign-in, a 401 that tells a page to refresh) is for every tenant's pages: no cookie authenticates here, so
 * it says nothing that the page could not ask for from elsewhere. Written here and not with @fastify/cors because that
 * decision falls after authentication, and because no origin must cost nothing.
 */
export class Cors {
  private readonly allowed: ReadonlySet<string>;

  constructor(
    allowed: readonly string[],
    private readonly tenants: () => TenantOrigins | undefined = () => undefined,
  ) {
    this.allowed = new Set(allowed);
  }

  /** True when it was a preflight and is answered. */
  onRequest(request: FastifyRequest, reply: FastifyReply): boolean {
    const { origin, 'access-control-request-method': asksFor } = request.raw.headers;
    if (origin === undefined) return false;
    void reply.header('vary', 'Origin');
    const listed = this.allowed.has(origin);
    if (listed) this.admit(reply, origin);
    if (request.raw.method !== 'OPTIONS' || asksFor === undefined) return false;
    if (listed || this.tenants()?.isRegistered(origin)) {
      this.admit(reply, origin);
      void reply
        .header('access-control-allow-methods', METHODS)
        .header('access-control-allow-headers', REQUEST_HEADERS)
        .header('access-control-max-age', PREFLIGHT_SECONDS);
    }
    void reply.code(204).send();
    return true;
  }

  /**
   * Whether a page of the request's origin may have an answer to the caller's tenant: for a WebSocket, whose answer no browser withholds
   * from the page. Whoever sends no origin is no browser; a page of ours is at home.
   */
  admits({ raw }: FastifyRequest): boolean {
    const { origin, host } = raw.headers;
    if (origin === undefined || this.allowed.has(origin)) return true;
    if (host !== undefined && (origin === `https://${host}` || origin === `http://${host}`)) return true;
    const tenantId = requestContext.current()?.tenantId;
    return tenantId !== undefined && this.tenants()?.isOf(tenantId, origin) === true;
  }

  /** Once the caller's tenant is known, or it is clear that there is none. */
  onSend(request: FastifyRequest, reply: FastifyReply): void {
    const { origin } = request.raw.headers;
    if (origin === undefined || this.allowed.has(origin)) return;
    // A file for every page in the world says so itself; a cache must not keep it with one caller's origin.
    if (reply.hasHeader('access-control-allow-origin')) return;
    const tenants = this.tenants();
    const tenantId = requestContext.current()?.tenantId;
    const named = tenantId === undefined ? tenants?.isRegistered(origin) : tenants?.isOf(tenantId, origin);
    if (named) this.admit(reply, origin);
  }

  private admit(reply: FastifyReply, origin: string): void {
    void reply.header('access-control-allow-origin', origin).header('access-control-expose-headers', EXPOSED);
  }
}
