import { fastify, FastifyInstance } from 'fastify';
import { HttpSettings } from '../settings';
import { requestIdOf } from '../trace';
import { BODY_LIMIT } from '../json/json-body';
import { canonicalUrl } from './canonical-url';
import { Edge } from './edge';

const MAX_PARAM_LENGTH = 200;

/** Fastify as every application uses it; it routes, the listener of listenHttp listens. */
export function fastifyInstance(settings: HttpSettings, edge: Edge): FastifyInstance {
  const instance = fastify({
    bodyLimit: BODY_LIMIT,
    trustProxy: trustHops(settings.trustProxy),
    genReqId: (request) => requestIdOf(request.headers['x-request-id']),
    rewriteUrl: (request) => canonicalUrl(request.url ?? '/'),
    // Draining answers whatever still arrives; only the listener decides when it is over.
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: (error, request, reply) => edge.refuse(request, reply, error),
  });
  edge.install(instance);
  return instance;
}

/** Believes the nearest `hops` proxies and nobody beyond them. */
function trustHops(hops: number): false | ((address: string, hop: number) => boolean) {
  return hops > 0 && ((_address, hop) => hop < hops);
}
