import { once } from 'node:events';
import { ClientOptions, WebSocket } from 'ws';
import { LiveCounts } from '../src/application/live/live-counts';

export type Credential = Record<string, string>;

/** Collects what comes, for tests that wait for something in particular. */
class Heard<T> {
  readonly all: T[] = [];
  private waiting: (() => void)[] = [];

  add(item: T): void {
    this.all.push(item);
    for (const wake of this.waiting.splice(0)) wake();
  }

  /** The first one, from the beginning, that `holds` for. */
  async until(holds: (item: T) => boolean, withinMs = 15_000): Promise<T> {
    const end = Date.now() + withinMs;
    for (;;) {
      const found = this.all.find(holds);
      if (found !== undefined) return found;
      const left = end - Date.now();
      if (left <= 0) throw new Error(`nothing such was told within ${withinMs} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.waiting.push(() => (clearTimeout(timer), resolve()));
      });
    }
  }
}

/** A WebSocket of `/analytics/live`. */
export class LiveSocketClient {
  readonly counts = new Heard<LiveCounts>();
  readonly texts: string[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      this.texts.push(text);
      const { event, data: counts } = JSON.parse(text) as { event: string; data: LiveCounts };
      if (event === 'live') this.counts.add(counts);
    });
    this.closed = once(socket, 'close').then(([code, reason]) => ({
      code: Number(code),
      reason: String(reason),
    }));
  }

  static async open(
    url: string,
    headers: Credential,
    { query = '', protocols = [], ...options }: ClientOptions & { query?: string; protocols?: string[] } = {},
  ): Promise<LiveSocketClient> {
    const socket = new WebSocket(liveUrl(url, query), protocols, { ...options, headers });
    const client = new LiveSocketClient(socket);
    await once(socket, 'open');
    return client;
  }

  close(): void {
    this.socket.terminate();
  }
}

/** What a handshake that is refused is answered: a problem over HTTP. */
export function refusedHandshake(
  url: string,
  headers: Credential,
  { query = '', protocols = [] as string[] } = {},
): Promise<{ status: number; code?: string; connection?: string }> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(liveUrl(url, query), protocols, { headers });
    socket.on('error', reject);
    socket.on('open', () => reject(new Error('it was let in')));
    socket.on('unexpected-response', (_request, response) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString()));
      response.on('end', () => {
        const { code } = JSON.parse(text || '{}') as { code?: string };
        resolve({ status: response.statusCode ?? 0, code, connection: response.headers.connection });
      });
    });
  });
}

function liveUrl(url: string, query: string): string {
  return `${url.replace('http', 'ws')}/api/v1/analytics/live${query}`;
}

/** The server-sent events of `/analytics/stream`. */
export class LiveStreamClient {
  readonly counts = new Heard<LiveCounts>();
  readonly texts: string[] = [];
  readonly ids: string[] = [];
  /** What the last event said, where we were told why it ended. */
  closedBy?: { code?: number; reason: string };
  readonly ended: Promise<void>;
  private readonly abort: AbortController;

  private constructor(response: Response, abort: AbortController) {
    this.abort = abort;
    this.ended = this.read(response);
  }

  static async open(url: string, headers: Credential, query = ''): Promise<LiveStreamClient> {
    const abort = new AbortController();
    const response = await fetch(`${url}/api/v1/analytics/stream${query}`, {
      headers,
      signal: abort.signal,
    });
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    return new LiveStreamClient(response, abort);
  }

  close(): void {
    this.abort.abort();
  }

  private async read(response: Response): Promise<void> {
    let text = '';
    try {
      for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
        text += part;
        const events = text.split('\n\n');
        text = events.pop()!;
        for (const event of events) this.take(event);
      }
    } catch (error) {
      if (!this.abort.signal.aborted) throw error;
    }
  }

  private take(event: string): void {
    const fields = new Map(
      event
        .split('\n')
        .map((line): [string, string] => [
          line.slice(0, line.indexOf(':')),
          line.slice(line.indexOf(':') + 2),
        ]),
    );
    const data = fields.get('data') ?? '';
    if (fields.get('event') === 'live') {
      this.texts.push(data);
      this.ids.push(fields.get('id') ?? '');
      this.counts.add(JSON.parse(data) as LiveCounts);
    }
    if (fields.get('event') === 'closed')
      this.closedBy = JSON.parse(data) as { code: number; reason: string };
  }
}
