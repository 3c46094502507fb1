import helmet, { FastifyHelmetOptions } from '@fastify/helmet';
import { fastify } from 'fastify';

export type Headers = Readonly<Record<string, string>>;

const COMMON = {
  frameguard: { action: 'deny' },
  referrerPolicy: { policy: 'no-referrer' },
  strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: true },
  crossOriginResourcePolicy: { policy: 'same-site' },
} satisfies FastifyHelmetOptions;

/** An API answers data: nothing in it may run, load or be framed. What only concerns pages would be dead weight. */
const API: FastifyHelmetOptions = {
  ...COMMON,
  crossOriginOpenerPolicy: false,
  dnsPrefetchControl: false,
  ieNoOpen: false,
  originAgentCluster: false,
  permittedCrossDomainPolicies: false,
  xXssProtection: false,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    },
  },
};

/** Swagger UI: its own scripts and inline styles, everything from here. */
const DOCS: FastifyHelmetOptions = {
  ...COMMON,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'", "'unsafe-inline'"],
      'img-src': ["'self'", 'data:'],
      'font-src': ["'self'", 'data:'],
      'connect-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    },
  },
};

/**
 * Everything is one caller's. What says nothing may be kept by a cache on the way and shown to the next: only
 * `Authorization` forbids that (RFC 9111 section 3.5), `X-API-Key` does not. A route that knows better says so.
 */
const UNKEPT: Headers = { 'cache-control': 'no-store' };

export interface SecurityHeaders {
  api: Headers;
  docs: Headers;
}

let asked: Promise<SecurityHeaders> | undefined;

/**
 * What @fastify/helmet sends, and that no answer is kept. It never varies by request, and helmet computes it for every
 * one, so it is asked once for the process and its answer is stamped on each reply.
 */
export function securityHeaders(): Promise<SecurityHeaders> {
  asked ??= Promise.all([ask(API), ask(DOCS)]).then(([api, docs]) => ({ api: { ...api, ...UNKEPT }, docs }));
  return asked;
}

async function ask(options: FastifyHelmetOptions): Promise<Headers> {
  const probe = fastify();
  await probe.register(helmet, options);
  let headers: Headers = {};
  probe.addHook('onRequest', async (_request, reply) => {
    headers = Object.fromEntries(
      Object.entries({ ...reply.raw.getHeaders(), ...reply.getHeaders() }).map(([name, value]) => [
        name.toLowerCase(),
        String(value),
      ]),
    );
  });
  probe.get('/', () => '');
  await probe.inject('/');
  await probe.close();
  return headers;
}
