import { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { RouteConfig } from '@nestjs/platform-fastify';
import { DomainError } from '@libs/kernel';
import { FastifyRequest } from 'fastify';
import { MalformedInput } from '../http-errors';
import { takeBearer } from './bearer-protocol';

/** A request that asks to become a WebSocket, and the connection it came on. */
export interface Upgrade {
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly response: ServerResponse;
  /** Brought a token in a header and another one among its subprotocols. */
  readonly twoTokens: boolean;
}

const pending = new WeakMap<IncomingMessage, Upgrade>();

/** A route that becomes a WebSocket: its handler calls acceptUpgrade once everything that guards routes has let the request through. */
export function Upgradable(): MethodDecorator {
  return RouteConfig({ upgradable: true });
}

/** Anything else that a client would rather speak (`h2c`) is left unanswered, as RFC 9110 section 7.8 lets us. */
export function asksForWebSocket({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    headers.upgrade?.split(',').some((each) => each.trim().toLowerCase() === 'websocket') === true
  );
}

/**
 * Sends a request to upgrade the way of every other request: through the edge, the router and the guards. What they refuse is
 * answered as a problem, and the connection closed: a proxy on the way may already take it for a tunnel.
 */
export function routeUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  route: (request: IncomingMessage, response: ServerResponse) => void,
): void {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as never);
  // Nobody else listens while the guards are at work; a broken connection must not end the process.
  socket.on('error', () => socket.destroy());
  response.once('finish', () => {
    response.detachSocket(socket as never);
    socket.end(() => socket.destroy());
  });
  pending.set(request, { socket, head, response, twoTokens: takeBearer(request.headers) });
  route(request, response);
}

/** What the handler must take over; after this the answer is its own. @throws UpgradeRequired */
export function takeUpgrade(request: IncomingMessage): Upgrade {
  const upgrade = pending.get(request);
  if (!upgrade) throw new UpgradeRequired();
  pending.delete(request);
  return upgrade;
}

/** For the edge. @throws MalformedInput for a request that no WebSocket can come of */
export function checkUpgrade(request: FastifyRequest): void {
  const { raw } = request;
  const upgrade = raw.headers.upgrade === undefined ? undefined : pending.get(raw);
  if (!upgrade) return;
  if (raw.headers['transfer-encoding'] !== undefined || Number(raw.headers['content-length'] ?? 0) !== 0)
    throw new MalformedInput('malformed_handshake', 'A handshake has no body.');
  if (upgrade.twoTokens)
    throw new MalformedInput('ambiguous_credentials', 'Send one credential: a header or a subprotocol.');
  const config = request.routeOptions.config as { upgradable?: boolean } | undefined;
  if (config?.upgradable !== true && !request.is404)
    throw new MalformedInput('not_upgradable', 'This resource is no WebSocket.');
}

/** The resource is a WebSocket, and was asked for without a handshake. */
export class UpgradeRequired extends DomainError {
  readonly code = 'upgrade_required';
  readonly kind = 'malformed';
  readonly status = 426;

  constructor() {
    super('This resource is a WebSocket: connect with ws:// or wss://.');
  }
}

/** A page of this origin may not listen: as with CORS, it is neither listed nor the tenant's own. */
export class OriginNotAllowed extends DomainError {
  readonly code = 'origin_not_allowed';
  readonly kind = 'forbidden';

  constructor() {
    super('This origin is not allowed; register it with the tenant, or in CORS_ORIGINS.');
  }
}
