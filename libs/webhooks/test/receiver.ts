import { createServer, IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

export interface Received {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export type Answering = (response: ServerResponse, received: Received, socket: Socket) => void;

/** A receiver of webhooks on loopback that answers as a test says, and keeps what came. */
export class Receiver {
  readonly received: Received[] = [];
  atOnce = 0;
  mostAtOnce = 0;

  private constructor(
    private readonly server: Server,
    private readonly scheme: string,
    private answering: Answering,
  ) {}

  static async start(
    answering: Answering = (response) => void response.writeHead(204).end(),
    tls?: { key: string; cert: string },
  ): Promise<Receiver> {
    const listener: RequestListener = (request, response) => void receiver.take(request, response);
    const server = tls ? createTlsServer(tls, listener) : createServer(listener);
    const receiver = new Receiver(server, tls ? 'https' : 'http', answering);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.scheme}://127.0.0.1:${this.port}/hook`;
  }

  answer(answering: Answering): void {
    this.answering = answering;
  }

  ids(): (string | undefined)[] {
    return this.received.map(({ headers }) => headers['webhook-id'] as string | undefined);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    response.once('close', () => (this.atOnce -= 1));
    // who hangs up in the middle is the test's own business
    response.on('error', () => undefined);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const received: Received = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    this.received.push(received);
    this.answering(response, received, request.socket);
  }
}
