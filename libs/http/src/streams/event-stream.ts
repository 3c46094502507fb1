import { Readable } from 'node:stream';
import { FastifyReply } from 'fastify';
import { streamsOf } from './open-streams';

/** One event: `data` is one line, JSON for instance. */
export interface ServerEvent {
  event: string;
  data: string;
  id?: string;
}

/** What a client is told to wait before it comes again. */
const RETRY_MS = 3_000;
const LINE_BREAK = /[\r\n\0]/;

/**
 * An answer of server-sent events (WHATWG HTML, section 9.2). It passes every hook as other answers do, is never compressed, and
 * ends with the shutdown of the application. Whoever writes looks at `unread` and lets a reader go that does not read.
 */
export class EventStream {
  private readonly body = new Readable({ read: () => undefined });
  private ended = false;

  private constructor(private readonly reply: FastifyReply) {}

  /**
   * Begins the answer.
   * @param onClose once, when the client or we have ended it
   * @throws ServiceLeaving
   */
  static answer(reply: FastifyReply, onClose: () => void): EventStream {
    const stream = new EventStream(reply);
    const forget = streamsOf(reply.request).add(() =>
      stream.close({ event: 'closed', data: '{"reason":"leaving"}' }),
    );
    stream.body.once('close', () => {
      stream.ended = true;
      forget();
      onClose();
    });
    // So that headers go out now, and a proxy that waits for a body has one.
    stream.write(`retry: ${RETRY_MS}\n\n`);
    void EventStream.head(reply).send(stream.body);
    return stream;
  }

  /** The headers alone: what answers HEAD. */
  static head(reply: FastifyReply): FastifyReply {
    return (
      reply
        .header('content-type', 'text/event-stream; charset=utf-8')
        .header('cache-control', 'no-store, no-transform')
        // nginx would gather what it passes on
        .header('x-accel-buffering', 'no')
    );
  }

  /** Bytes that the client has not taken yet, as far as this process knows: its kernel holds some more. */
  get unread(): number {
    return this.body.readableLength + this.reply.raw.writableLength;
  }

  /** @throws RangeError on a line break: it would end the line, and what follows would be read as another field */
  send({ event, data, id }: ServerEvent): void {
    if (LINE_BREAK.test(event + data + (id ?? ''))) throw new RangeError('a field of an event is one line');
    this.write(`event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`);
  }

  /** Something to read where there is nothing to tell: proxies cut what is silent. */
  beat(): void {
    this.write(':\n\n');
  }

  /** Ends in order, with a last event if there is one to tell. */
  close(last?: ServerEvent): void {
    if (this.ended) return;
    if (last) this.send(last);
    this.ended = true;
    // Kept alive, the connection would be an idle one that a shutdown has already looked for.
    const { socket } = this.reply.raw;
    this.reply.raw.once('finish', () => socket?.destroySoon());
    this.body.push(null);
  }

  /** Ends at once, with what was not read. */
  drop(): void {
    this.ended = true;
    this.body.destroy();
    this.reply.raw.destroy();
  }

  private write(text: string): void {
    if (!this.ended) this.body.push(text);
  }
}
