import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestMicroservice } from '@nestjs/microservices';
import { logger } from '@libs/logging';
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { answerClientError } from './client-error';
import { openStreamsOf, readinessOf } from './create-http-app';
import { canonicalUrl, pathOf } from './edge/canonical-url';
import { HttpSettings } from './settings';
import { asksForWebSocket, routeUpgrade } from './upgrade/upgrade';

/** An application and the path prefixes it serves: `/api/v1/releases`, `/.well-known`. */
export interface Mount {
  app: NestFastifyApplication;
  /** Whole path segments; `/api/v1/releases` serves `/api/v1/releases/x`, not `/api/v1/releasesx`. */
  prefixes: readonly string[];
}

export interface HttpListener {
  url: string;
  server: Server;
  /** Readiness 503, consumers stopped, open requests finished, then each application closed. Idempotent. */
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const HEADERS_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 65_000;
// A reader that takes nothing for so long is gone; streams send heartbeats.
const IDLE_SOCKET_MS = 120_000;
const CONSUMERS_TIMEOUT_MS = 3_000;

/**
 * One listener before several applications, each with its own Fastify, guards and data source. A path goes to the
 * mount with the longest matching prefix, any other path to `main`.
 */
export async function listenHttp(
  main: NestFastifyApplication,
  mounts: readonly Mount[],
  settings: HttpSettings,
): Promise<HttpListener> {
  const apps = [...new Set([main, ...mounts.map((mount) => mount.app)])];
  for (const app of apps) {
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  }
  const handler = handlerFor(main, mounts);
  const server = createServer(
    {
      requestTimeout: settings.requestTimeoutMs,
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, settings.requestTimeoutMs),
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: 1_000,
      // ours to refuse, with a problem (see Edge)
      requireHostHeader: false,
      shouldUpgradeCallback: asksForWebSocket,
    },
    handler,
  );
  server.timeout = IDLE_SOCKET_MS;
  const silent = trackSilentSockets(server);
  const upgraded = routeUpgrades(server, handler);
  server.on('clientError', (error, socket) => answerClientError(error, socket as Socket));
  await listen(server, settings);
  const { port } = server.address() as AddressInfo;
  const host = settings.host === '0.0.0.0' || settings.host === '::' ? 'localhost' : settings.host;
  let closing: Promise<void> | undefined;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    server,
    close: () => (closing ??= shutDown(server, { silent, upgraded }, apps, settings)),
  };
}

function handlerFor(main: NestFastifyApplication, mounts: readonly Mount[]): Handler {
  const routing = (app: NestFastifyApplication): Handler => {
    const fastify = app.getHttpAdapter().getInstance();
    return (request, response) => fastify.routing(request, response);
  };
  const fallback = routing(main);
  if (mounts.length === 0) return fallback;
  const table = mounts
    .flatMap(({ app, prefixes }) => prefixes.map((prefix) => ({ prefix, handler: routing(app) })))
    .sort((a, b) => b.prefix.length - a.prefix.length);
  return (request, response) => {
    const path = canonicalUrl(pathOf(request.url ?? '/'));
    for (const { prefix, handler } of table)
      if (path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === '/'))
        return handler(request, response);
    fallback(request, response);
  };
}

function listen(server: Server, { port, host }: HttpSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Connections that have not yet asked anything: closeIdleConnections spares them, and they may never ask. */
function trackSilentSockets(server: Server): ReadonlySet<Socket> {
  const silent = new Set<Socket>();
  server.on('connection', (socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', (request) => silent.delete(request.socket));
  server.on('upgrade', (request) => silent.delete(request.socket));
  return silent;
}

/** Connections that asked to become WebSockets: from then on the server counts them and knows no more of them. */
function routeUpgrades(server: Server, handler: Handler): ReadonlySet<Duplex> {
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    routeUpgrade(request, socket, head, handler);
  });
  return upgraded;
}

/** What `closeIdleConnections` and `closeAllConnections` leave open. */
interface Unclosed {
  silent: ReadonlySet<Duplex>;
  upgraded: ReadonlySet<Duplex>;
}

async function shutDown(
  server: Server,
  unclosed: Unclosed,
  apps: readonly NestFastifyApplication[],
  settings: HttpSettings,
): Promise<void> {
  for (const app of apps) readinessOf(app).draining = true;
  for (const app of apps) openStreamsOf(app).endAll();
  await within(CONSUMERS_TIMEOUT_MS, Promise.all(apps.map(stopConsumers)));
  await drain(server, unclosed, settings.shutdownTimeoutMs);
  for (const app of apps) await app.close();
}

async function stopConsumers(app: NestFastifyApplication): Promise<void> {
  await Promise.all(
    app.getMicroservices().map(async (microservice) => {
      // Without the mark, closing a connected microservice would close the whole application under open requests.
      if (microservice instanceof NestMicroservice) microservice.setIsTerminated(true);
      await microservice.close();
    }),
  );
}

/** Stops accepting, lets open requests finish, cuts what is left. */
async function drain(server: Server, { silent, upgraded }: Unclosed, timeoutMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  for (const socket of silent) socket.destroy();
  await within(timeoutMs, closed);
  server.closeAllConnections();
  for (const socket of upgraded) socket.destroy();
  await closed;
}

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      logger('http').warn({ milliseconds }, 'a step of the shutdown took too long and was cut short');
      resolve();
    }, milliseconds);
  });
  try {
    await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
