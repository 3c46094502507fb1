import compress from '@fastify/compress';
import { DynamicModule, INestApplicationContext, Type } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import { OpenAPIObject } from '@nestjs/swagger';
import { NestLogger } from '@libs/logging';
import { RateLimiter } from '@libs/redis';
import { serveApiDocs } from './api-docs';
import { Cors, TenantOrigins } from './cors';
import { Edge } from './edge/edge';
import { fastifyInstance } from './edge/fastify-instance';
import { serveOperationalRoutes } from './edge/operational-routes';
import { RouteTable } from './edge/route-table';
import { PREFIX } from './edge/canonical-url';
import { Readiness } from './health';
import { acceptGuardedJson } from './json/json-body';
import { ProblemFilter, TranslateError } from './problem.filter';
import { GeneralLimit } from './rate-limit/general-limit';
import { overrideRateLimits, RateLimitOverrides } from './rate-limit/rate-limit.decorator';
import { RequestLog } from './request-log';
import { securityHeaders } from './security-headers';
import { HttpSettings } from './settings';
import { decorateStreams, OpenStreams } from './streams/open-streams';
import { RequestValidationPipe } from './validation/validation.pipe';

export interface HttpAppOptions {
  /** Labels metrics. */
  name: string;
  settings: HttpSettings;
  /** For the OpenAPI document and /health. */
  title: string;
  version: string;
  description?: string;
  /** Named dependencies of /health/ready; each rejects while its dependency cannot be used. */
  ready?: Record<string, () => Promise<void>>;
  /** Paths outside /api/v1 besides `/.well-known/*`, in Nest's syntax: `pix/v2/*path`. */
  outsidePrefix?: readonly string[];
  /** The limits of @RateLimit rules by name, from the environment; 0 switches one off. */
  rateLimits?: RateLimitOverrides;
  translateError?: TranslateError;
  /** Replaces the application's own OpenAPI document, for one that speaks for several. */
  document?: () => OpenAPIObject;
}

const readinesses = new WeakMap<INestApplicationContext, Readiness>();
const routeTables = new WeakMap<INestApplicationContext, RouteTable>();

/**
 * An application with everything that API.md says under "Everywhere", not yet initialised and not listening.
 * Connect microservices, then give it to serveHttp or listenHttp.
 * @throws Error when a rate limit is on and the module imports no RedisModule
 */
export async function createHttpApp(
  module: DynamicModule | Type,
  options: HttpAppOptions,
): Promise<NestFastifyApplication> {
  const { settings } = options;
  const readiness = new Readiness();
  for (const [name, check] of Object.entries(options.ready ?? {})) readiness.add(name, check);

  const tenants: { origins?: TenantOrigins } = {};
  const cors = new Cors(settings.corsOrigins, () => tenants.origins);
  const headers = await securityHeaders();
  const edge = new Edge({ headers, cors, readiness, log: new RequestLog(options.name) });
  const fastify = fastifyInstance(settings, edge);
  fastify.decorate('cors', cors);
  decorateStreams(fastify);
  const routes = new RouteTable(fastify);
  await fastify.register(compress, {
    threshold: 1024,
    encodings: ['br', 'gzip', 'identity'],
    globalDecompression: false,
  });
  acceptGuardedJson(fastify);
  serveOperationalRoutes(fastify, readiness, options.version);

  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(fastify), {
    bodyParser: false,
    logger: new NestLogger(),
    abortOnError: false,
  });
  readinesses.set(app, readiness);
  routeTables.set(app, routes);
  tenants.origins = optional(app, TenantOrigins);
  if (settings.rateLimitGeneralPerMin > 0)
    edge.bind(
      new GeneralLimit(
        app.get(RateLimiter, { strict: false }),
        settings.rateLimitGeneralPerMin,
        settings.trustProxy > 0,
      ),
    );
  overrideRateLimits(fastify, options.rateLimits ?? {});
  app.setGlobalPrefix(PREFIX.slice(1), {
    exclude: ['.well-known/*path', ...(options.outsidePrefix ?? [])],
  });
  app.useGlobalPipes(new RequestValidationPipe());
  app.useGlobalFilters(new ProblemFilter(routes, options.translateError));
  serveApiDocs(app, options, options.document);
  return app;
}

/** Whether the application is ready, draining, and what it waits for. */
export function readinessOf(app: INestApplicationContext): Readiness {
  const readiness = readinesses.get(app);
  if (!readiness) throw new Error('not an application of createHttpApp');
  return readiness;
}

/** The answers of the application that a shutdown must end. */
export function openStreamsOf(app: NestFastifyApplication): OpenStreams {
  return app.getHttpAdapter().getInstance().openStreams;
}

/** Every route of an initialised application, also those beside Nest's controllers: `GET /api/v1/releases/:id`. */
export function routesOf(app: INestApplicationContext): string[] {
  const routes = routeTables.get(app);
  if (!routes) throw new Error('not an application of createHttpApp');
  return routes.all();
}

/** `app.get` of a token that nobody provides would log an error before it throws. */
function optional<T>(app: INestApplicationContext, token: abstract new () => T): T | undefined {
  const modules = [...app.get(ModulesContainer).values()];
  const provided = modules.some((module) => module.providers.has(token));
  return provided ? app.get<T>(token, { strict: false }) : undefined;
}
