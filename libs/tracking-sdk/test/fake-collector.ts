import { readFileSync } from 'node:fs';
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';

export interface SentEvent {
  event_id: string;
  event_type: string;
  timestamp: string;
  user: { user_id?: string; device_id: string };
  session: { session_id: string; seq: number };
  context: Record<string, unknown>;
  properties?: Record<string, unknown>;
}

export interface Delivery {
  at: number;
  method: string;
  url: string;
  authorization?: string;
  contentType?: string;
  /** On the wire. */
  bytes: number;
  sentAt: string;
  events: SentEvent[];
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

type Judge = (delivery: Delivery) => Reply | 'hang up' | Promise<Reply>;

const SDK = join(process.cwd(), 'dist/public/moneyflow-tracking.js');
/** As strict as a bank's: whatever the SDK needs must work under it. */
const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self' http://127.0.0.1:*; form-action 'self'; base-uri 'none'";
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'authorization, content-type',
  'access-control-expose-headers': 'Retry-After',
};

export const accept = ({ events }: Delivery): Reply => ({
  status: 202,
  body: { accepted: events.length, duplicates: 0, rejected: [] },
});

/** Says what a collector may say, at our word; and serves pages that carry the SDK. */
export class FakeCollector {
  readonly deliveries: Delivery[] = [];
  readonly preflights: string[] = [];
  judge: Judge = accept;
  /** Of the pages' body; what stands before the SDK's script, and after it. */
  above = '';
  html = '';

  private constructor(private readonly server: Server) {}

  static async open(): Promise<FakeCollector> {
    const server = createServer();
    const collector = new FakeCollector(server);
    server.on('request', (request, response) => void collector.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get events(): SentEvent[] {
    return this.deliveries.flatMap(({ events }) => events);
  }

  get types(): string[] {
    return this.events.map((event) => event.event_type);
  }

  reset(): void {
    this.deliveries.length = 0;
    this.preflights.length = 0;
    this.judge = accept;
    this.above = this.html = '';
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '/';
    if (request.method === 'OPTIONS') {
      this.preflights.push(url);
      response.writeHead(204, CORS).end();
    } else if (url.startsWith('/api/')) await this.collect(request, response);
    else if (url === '/moneyflow-tracking.js')
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(readFileSync(SDK));
    else if (url === '/favicon.ico') response.writeHead(404).end();
    else
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY })
        .end(
          `<!doctype html><title>Conta</title>${this.above}<script src="/moneyflow-tracking.js"></script>${this.html}`,
        );
  }

  private async collect(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // the page went away within its request: nothing arrived
    }
    const raw = Buffer.concat(chunks);
    const text = (raw[0] === 0x78 ? inflateSync(raw) : raw).toString();
    const { events, sent_at: sentAt } = JSON.parse(text) as { events: SentEvent[]; sent_at: string };
    const delivery = {
      at: Date.now(),
      method: request.method ?? '',
      url: request.url ?? '',
      authorization: request.headers.authorization,
      contentType: request.headers['content-type'],
      bytes: raw.length,
      sentAt,
      events,
    };
    this.deliveries.push(delivery);
    const reply = await this.judge(delivery);
    if (reply === 'hang up') request.socket.destroy();
    else {
      const type = typeof reply.body === 'string' ? 'text/html' : 'application/json';
      response.writeHead(reply.status, { 'content-type': type, ...CORS, ...reply.headers });
      response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {}));
    }
  }
}
