import { integer, list, string } from '@libs/config';

/** How one listener and the applications behind it behave. Milliseconds unless named otherwise. */
export interface HttpSettings {
  port: number;
  host: string;
  /** Origins (`https://app.example.com`) that may call from a browser. */
  corsOrigins: readonly string[];
  /** How many proxies' `X-Forwarded-For` to believe; 0 believes none. */
  trustProxy: number;
  /** Requests an address may make in any 60 s; 0 switches the limit off. */
  rateLimitGeneralPerMin: number;
  /** A whole request, body included, must have arrived by then. */
  requestTimeoutMs: number;
  /** Draining has this long before open connections are cut. */
  shutdownTimeoutMs: number;
}

/** The environment of an HTTP listener, to spread into `defineConfig`, with its defaults of PORT and HOST. */
export function httpSettings(defaults: { port: number; host?: string }) {
  return {
    port: integer('PORT', {
      default: defaults.port,
      min: 0,
      max: 65535,
      about: 'Where the HTTP listener listens; 0 picks a free port.',
    }),
    host: string('HOST', {
      default: defaults.host ?? '0.0.0.0',
      about:
        'The address the HTTP listener binds to; npm start keeps to 127.0.0.1 unless told, since everybody knows the demo password.',
    }),
    corsOrigins: list('CORS_ORIGINS', {
      aliases: ['CORS_ORIGIN'],
      default: [],
      about: 'Origins that may call from a browser, comma separated: https://app.example.com',
    }),
    trustProxy: integer('TRUST_PROXY', {
      default: 0,
      min: 0,
      max: 16,
      about: "How many proxies' X-Forwarded-For to believe; 0 believes none.",
    }),
    rateLimitGeneralPerMin: integer('RATE_LIMIT_GENERAL_PER_MIN', {
      default: 200,
      min: 0,
      about: 'Requests one IP address may make in any 60 s; 0 switches the limit off.',
    }),
    requestTimeoutMs: integer('HTTP_REQUEST_TIMEOUT_MS', {
      default: 30_000,
      min: 1_000,
      about: 'A whole request, its body included, must have arrived within this many milliseconds.',
    }),
    shutdownTimeoutMs: integer('HTTP_SHUTDOWN_TIMEOUT_MS', {
      default: 6_000,
      min: 0,
      max: 30_000,
      about: 'How long a shutdown waits for open requests, in milliseconds, before it cuts them.',
    }),
  };
}
