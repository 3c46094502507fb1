import { createServer, IncomingMessage, Server, ServerResponse, STATUS_CODES } from 'node:http';
import { AddressInfo, Socket } from 'node:net';
import { CannotStart } from './cannot-start';

/** Answers a request; an application's own entrance. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface FrontDoorSettings {
  host: string;
  port: number;
  requestTimeoutMs: number;
}

/**
 * The one listener of all applications. It is bound before anything is started, so that a busy port is known at
 * once and nothing else is touched; until `serve` it answers 503.
 */
export class FrontDoor {
  private handler: Handler = (_request, response) => refuse(response, 'starting', 'MoneyFlow is starting.');
  private draining = false;

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      // A client that keeps its connection would keep us from closing.
      if (this.draining) response.shouldKeepAlive = false;
      this.handler(request, response);
    });
    server.on('clientError', answerUnreadable);
  }

  /** @throws CannotStart when the port is busy or not ours to take */
  static async open(settings: FrontDoorSettings): Promise<FrontDoor> {
    const server = createServer({
      requestTimeout: settings.requestTimeoutMs,
      headersTimeout: Math.min(settings.requestTimeoutMs, 15_000),
      keepAliveTimeout: 65_000, // longer than a load balancer's 60 s: it must be the one to close
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 16_384,
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(explain(error, settings)));
      server.listen(settings.port, settings.host, resolve);
    });
    return new FrontDoor(server);
  }

  /** Where processes on this machine reach it. */
  get url(): string {
    const { address, family, port } = this.server.address() as AddressInfo;
    const host = ['0.0.0.0', '::'].includes(address) ? '127.0.0.1' : address;
    return `http://${family === 'IPv6' && host !== '127.0.0.1' ? `[${host}]` : host}:${port}`;
  }

  serve(handler: Handler): void {
    this.handler = handler;
  }

  /** Takes no more connections, lets open requests finish, and cuts those that outlast `timeoutMs`. */
  async drain(timeoutMs: number): Promise<void> {
    this.draining = true;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    // A connection that has answered its last request becomes idle without telling.
    const sweep = setInterval(() => this.server.closeIdleConnections(), 50);
    const cut = setTimeout(() => this.server.closeAllConnections(), timeoutMs);
    await closed;
    clearInterval(sweep);
    clearTimeout(cut);
  }
}

function explain(error: NodeJS.ErrnoException, { host, port }: FrontDoorSettings): Error {
  const another = 'PORT=<another port> npm start';
  switch (error.code) {
    case 'EADDRINUSE':
      return new CannotStart(
        `Port ${port} is taken: another program listens there, maybe another MoneyFlow.`,
        `Stop that program, or choose another port: ${another}`,
        { cause: error },
      );
    case 'EACCES':
      return new CannotStart(
        `This user may not listen on port ${port}.`,
        `Choose a port from 1024 on: ${another}`,
        { cause: error },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EINVAL':
      return new CannotStart(
        `HOST is ${host}, which is no address of this machine.`,
        'Leave HOST unset to listen on every address, or set HOST=127.0.0.1 to be reachable from this machine only.',
        { cause: error },
      );
    default:
      return error;
  }
}

function refuse(response: ServerResponse, code: string, detail: string): void {
  const body = JSON.stringify({ type: 'about:blank', title: STATUS_CODES[503], status: 503, code, detail });
  response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '1' }).end(body);
}

/** What is no HTTP never reaches an application: answer with a 4xx and hang up. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const title = STATUS_CODES[status] ?? '';
  const code =
    status === 431 ? 'headers_too_large' : status === 408 ? 'request_timeout' : 'malformed_request';
  const body = JSON.stringify({ type: 'about:blank', title, status, code, detail: title });
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
