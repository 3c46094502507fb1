import { once } from 'node:events';
import { connect, createServer, Server, Socket } from 'node:net';

/** `answers`: what is asked arrives, and nothing comes back. */
type Loss = 'answers' | 'everything';

interface Pair {
  client: Socket;
  server: Socket;
  loses?: Loss;
}

/** A way to a server that may lose what it carries without a word, as a network does: no connection is closed, none refused. */
export class LosingProxy {
  private readonly pairs = new Set<Pair>();
  private loses?: Loss;

  private constructor(
    private readonly listener: Server,
    /** As the server's, by way of the proxy. */
    readonly url: string,
  ) {}

  static async to(serverUrl: string): Promise<LosingProxy> {
    const { hostname, port } = new URL(serverUrl);
    const listener = createServer((client) => proxy.carry(client, connect(Number(port), hostname)));
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const url = new URL(serverUrl);
    url.host = `127.0.0.1:${(listener.address() as { port: number }).port}`;
    const proxy = new LosingProxy(listener, url.toString());
    return proxy;
  }

  /** On the connections that there are and on those to come. */
  lose(what: Loss): void {
    this.loses = what;
    for (const pair of this.pairs) pair.loses = what;
  }

  /** Carries for those to come; what was there before stays lost, as after a firewall that forgot it. */
  carryAgain(): void {
    this.loses = undefined;
  }

  async close(): Promise<void> {
    for (const { client, server } of this.pairs) for (const socket of [client, server]) socket.destroy();
    this.listener.close();
    await once(this.listener, 'close');
  }

  private carry(client: Socket, server: Socket): void {
    const pair: Pair = { client, server, loses: this.loses };
    this.pairs.add(pair);
    client.on('data', (bytes) => pair.loses !== 'everything' && server.write(bytes));
    server.on('data', (bytes) => !pair.loses && client.write(bytes));
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.on('error', () => socket.destroy());
      socket.on('close', () => !pair.loses && other.destroy());
    }
  }
}
