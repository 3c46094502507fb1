import { createServer, IncomingHttpHeaders, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface Received {
  id: string;
  headers: IncomingHttpHeaders;
  text: string;
  body: { id: string; type: string; timestamp: string; tenantId: string; data: Record<string, unknown> };
}

/** Somebody's server on this machine that is told of things. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  /** What it answers. */
  status = 204;

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async open(): Promise<WebhookReceiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const { headers } = request;
        receiver.received.push({
          id: String(headers['webhook-id']),
          headers,
          text,
          body: JSON.parse(text) as Received['body'],
        });
        response.writeHead(receiver.status).end('said the receiver');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const receiver = new WebhookReceiver(`http://127.0.0.1:${port}/hook?of=dona`, server);
    return receiver;
  }

  of(type: string): Received[] {
    return this.received.filter(({ body }) => body.type === type);
  }

  /** Ids of all events it was told of, repetitions included. */
  get events(): string[] {
    return this.of('events.received').flatMap(({ body }) =>
      (body.data['events'] as { eventId: string }[]).map(({ eventId }) => eventId),
    );
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** Whether a receiver with this secret takes it, as a library of others' says. */
export function isSigned({ text, headers }: Received, secret: string): boolean {
  try {
    new Webhook(secret).verify(text, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}
