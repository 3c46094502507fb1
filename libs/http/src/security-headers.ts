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

export interface SecurityHeaders {
  api: Headers;
  docs: Headers;
}

let asked: Promise<SecurityHeaders> | undefined;

/**
 * The headers @fastify/helmet sends. They never vary by request, and helmet computes them for every one, so it is
 * asked once for the process and its answer is stamped on each reply.
 */
export function securityHeaders(): Promise<SecurityHeaders> {
  asked ??= Promise.all([ask(API), ask(DOCS)]).then(([api, docs]) => ({ api, docs }));
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
