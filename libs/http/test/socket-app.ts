import { Controller, Get, Module, Res } from '@nestjs/common';
import { OnGatewayConnection, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import type { FastifyReply } from 'fastify';
import { AddressInfo } from 'node:net';
import type { WebSocket, WebSocketServer as Server } from 'ws';
import {
  acceptUpgrade,
  createHttpApp,
  EventStream,
  HttpAppOptions,
  HttpListener,
  HttpSettings,
  listenHttp,
  Mount,
  SocketAdapter,
  streamsOf,
  Upgradable,
} from '../src';
import { sampleApp, SETTINGS } from './sample-app';

/** What the last handshake brought, and who is connected. */
export const heard = { authorization: undefined as string | undefined, open: 0, streams: 0 };

@WebSocketGateway({ path: '/api/v1/echoes', protocol: 'echo' } as object)
class EchoGateway implements OnGatewayConnection<WebSocket> {
  @WebSocketServer() readonly server!: Server;

  handleConnection(client: WebSocket, { forget }: { forget: (end: () => void) => () => void }): void {
    heard.open++;
    const done = forget(() => client.close(1001));
    client.once('close', () => {
      heard.open--;
      done();
    });
    client.on('message', (data: Buffer) => client.send(data.toString()));
  }
}

@Controller('echoes')
class EchoController {
  constructor(private readonly gateway: EchoGateway) {}

  @Get()
  @Upgradable()
  open(@Res() reply: FastifyReply): void {
    heard.authorization = reply.request.headers.authorization;
    const streams = streamsOf(reply.request);
    acceptUpgrade(reply, this.gateway.server, { forget: (end: () => void) => streams.add(end) });
  }

  /** As much as is asked for, at once, to whoever does not read. */
  @Get('stream')
  stream(@Res() reply: FastifyReply): void {
    heard.streams++;
    const timer = setInterval(() => {
      for (let at = 0; at < 50; at++) stream.send({ event: 'echo', id: '1', data: 'x'.repeat(1_000) });
      if (stream.unread > 1_000_000) stream.drop();
    }, 5);
    const stream = EventStream.answer(reply, () => {
      clearInterval(timer);
      heard.streams--;
    });
  }
}

@Module({ controllers: [EchoController], providers: [EchoGateway] })
class SocketModule {}

/** An application with a WebSocket and a stream, alone or behind one without. */
export async function socketListener(
  { behind = false, ...settings }: Partial<HttpSettings> & { behind?: boolean } = {},
  options: Partial<HttpAppOptions> = {},
): Promise<HttpListener & { port: number }> {
  const all = { ...SETTINGS, ...settings };
  const app = await createHttpApp(SocketModule, {
    name: 'echoes',
    title: 'Echoes',
    version: '1.2.3',
    settings: all,
    ...options,
  });
  app.useWebSocketAdapter(new SocketAdapter(app));
  const mounts: Mount[] = behind ? [{ app, prefixes: ['/api/v1/echoes'] }] : [];
  const listener = await listenHttp(behind ? await sampleApp() : app, mounts, all);
  return { ...listener, port: (listener.server.address() as AddressInfo).port };
}
