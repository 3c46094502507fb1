import { INestApplicationContext } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import { logger } from '@libs/logging';
import { FastifyReply } from 'fastify';
import { WebSocket, WebSocketServer } from 'ws';
import { streamsOf } from '../streams/open-streams';
import { OriginNotAllowed, takeUpgrade } from './upgrade';

/** A client says little; what it says is held in memory before anybody looks at it. */
const MAX_MESSAGE_BYTES = 4_096;

interface GatewayOptions {
  /** The one subprotocol it speaks. */
  protocol?: string;
}

/**
 * Nest's gateways without a listener of their own: sockets come from acceptUpgrade, which the handler of a route calls. Nothing is
 * compressed, so that no small message is a large one.
 */
export class SocketAdapter extends WsAdapter {
  constructor(app: INestApplicationContext) {
    super(app);
  }

  override create(_port: number, { protocol }: GatewayOptions = {}): WebSocketServer {
    const server = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      handleProtocols: (offered) => (protocol !== undefined && offered.has(protocol) ? protocol : false),
    });
    // ws has closed it already, with the code that says why: a client's doing, which is no error of ours.
    server.on('connection', (socket) =>
      socket.on('error', (error) => logger('http').debug({ reason: error.message }, 'a WebSocket broke')),
    );
    return server;
  }
}

/**
 * Answers the request of `reply` with a WebSocket of `server`'s gateway, which gets `admission` as the second argument of
 * handleConnection. The handshake itself is checked by ws; a bad one is answered 400 and never arrives there.
 * @throws UpgradeRequired, OriginNotAllowed, ServiceLeaving
 */
export function acceptUpgrade(reply: FastifyReply, server: WebSocketServer, admission: unknown): void {
  const { request } = reply;
  if (!request.server.cors.admits(request)) throw new OriginNotAllowed();
  streamsOf(request).check();
  const { socket, head, response } = takeUpgrade(request.raw);
  reply.hijack();
  response.detachSocket(socket as never);
  server.handleUpgrade(request.raw, socket, head, (connection: WebSocket) =>
    server.emit('connection', connection, admission),
  );
}
