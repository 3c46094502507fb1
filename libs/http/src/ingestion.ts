import { RouteConfig } from '@nestjs/platform-fastify';
import { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** Its route is one of @Ingestion. */
    ingestion: boolean;
  }
}

/**
 * A route that takes in data from browsers by the million. Its bodies may be compressed (gzip, deflate, br), and may come as
 * `text/plain` with a write key in the query, as `sendBeacon` and requests without a preflight send them. The handler gets the
 * bytes, decompressed, for parseJson: only what somebody known sent is parsed, and where the route will. The general limit counts
 * only what nobody known sent: the route has limits of its own.
 */
export function Ingestion(): MethodDecorator & ClassDecorator {
  return RouteConfig({ ingestion: true });
}

export function decorateIngestion(fastify: FastifyInstance): void {
  fastify.decorateRequest('ingestion', false);
}

/** Reads it off the route, once a request. */
export function markIngestion(request: FastifyRequest): void {
  const config = request.routeOptions.config as { ingestion?: boolean } | undefined;
  if (config?.ingestion === true) request.ingestion = true;
}

/** Whether it brings a write key in its query; whether that is any good is for the guard. */
export function bringsWriteKey(request: FastifyRequest): boolean {
  return (request.query as Record<string, unknown>)['key'] !== undefined;
}
