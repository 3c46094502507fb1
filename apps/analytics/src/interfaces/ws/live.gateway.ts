import { OnGatewayConnection, SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import type { WebSocket, WebSocketServer as Server } from 'ws';
import { TooManyListeners } from '../../domain/live.errors';
import { LiveAdmission } from './live-admission';
import { LiveAudience } from './live-audience';
import { LiveSocket } from './live-socket';

const LIVE_PROTOCOL = 'moneyflow.live';
/** Try again later (IANA's registry of close codes). */
const TRY_AGAIN = 1013;

/**
 * `/analytics/live`. Its sockets come from LiveController, whose route the edge and the guards have let through; what it tells
 * is what the stream of server-sent events tells.
 */
@WebSocketGateway({ path: '/api/v1/analytics/live', protocol: LIVE_PROTOCOL } as object)
export class LiveGateway implements OnGatewayConnection<WebSocket> {
  @WebSocketServer() readonly server!: Server;

  constructor(private readonly audience: LiveAudience) {}

  handleConnection(client: WebSocket, { principal, appId, streams }: LiveAdmission): void {
    const socket = new LiveSocket(client);
    try {
      const forget = streams.add(() => socket.leave());
      client.once('close', forget);
      client.once('close', this.audience.join(principal, appId, socket));
    } catch (error) {
      // Several came at once for the last place.
      client.close(TRY_AGAIN, error instanceof TooManyListeners ? error.code : 'leaving');
    }
  }

  /** For clients that cannot send a ping of the protocol, as pages cannot. */
  @SubscribeMessage('ping')
  pong(): { event: string } {
    return { event: 'pong' };
  }
}
