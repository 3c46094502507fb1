import { createServer, Server, Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { SystemClock } from '@libs/kernel';
import { FakeResolver, LOOPBACK } from '../../test/fake-resolver';
import { Answering, Receiver } from '../../test/receiver';
import { selfSigned } from '../../test/self-signed';
import { WebhookGuard } from '../guard/webhook-guard';
import { SendOutcome, WebhookSender } from './webhook-sender';

const NEVER = new AbortController().signal;
const NAME = 'loja.example';

describe('a sender', () => {
  const open: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
  });

  const receiverOf = async (answering?: Answering, tls?: { key: string; cert: string }) => {
    const receiver = await Receiver.start(answering, tls);
    open.push(() => receiver.close());
    return receiver;
  };
  /** A server that speaks whatever it likes. @returns its port */
  const rawOf = async (speak: (socket: Socket) => void): Promise<number> => {
    const sockets = new Set<Socket>();
    const server: Server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      speak(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
    return (server.address() as AddressInfo).port;
  };
  const sent = async (
    url: string,
    names: FakeResolver['names'] = {},
    limits: { connectMs?: number; totalMs?: number; ca?: string } = {},
  ): Promise<SendOutcome> => {
    const guard = new WebhookGuard(new FakeResolver(names), LOOPBACK);
    const sender = new WebhookSender(guard, new SystemClock(), { connectMs: 300, totalMs: 700, ...limits });
    return sender.send({ id: 'msg_1', url, body: '{"a":1}', secrets: ['whsec_AAAA'] }, NEVER);
  };

  it('sends one signed message over a connection of its own', async () => {
    const receiver = await receiverOf();
    expect(await sent(receiver.url)).toMatchObject({ httpStatus: 204 });
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
    expect(body).toBe('{"a":1}');
    expect(headers).toMatchObject({
      host: `127.0.0.1:${receiver.port}`,
      connection: 'close',
      'content-length': '7',
      'accept-encoding': 'identity',
      'webhook-id': 'msg_1',
    });
    expect(headers).not.toHaveProperty('cookie');
    expect(headers).not.toHaveProperty('authorization');
  });

  it('goes to the address that was checked, under the name that was asked for, whatever the name means elsewhere', async () => {
    const tls = selfSigned(NAME);
    const receiver = await receiverOf(undefined, tls);
    const url = `https://${NAME}:${receiver.port}/hook`;
    expect(await sent(url, { [NAME]: ['127.0.0.1'] }, { ca: tls.cert })).toMatchObject({ httpStatus: 204 });
    expect(receiver.received[0]?.headers.host).toBe(`${NAME}:${receiver.port}`);
  });

  it('looks a name up each time: one that leads inside by now is not followed', async () => {
    const receiver = await receiverOf();
    let turn = 0;
    const names = { [NAME]: () => [turn++ === 0 ? '127.0.0.1' : '10.0.0.1'] };
    const guard = new WebhookGuard(new FakeResolver(names), LOOPBACK);
    const sender = new WebhookSender(guard, new SystemClock());
    const message = { id: 'm', url: `http://${NAME}:${receiver.port}/`, body: '{}', secrets: ['whsec_AAAA'] };
    expect(await sender.send(message, NEVER)).toMatchObject({ httpStatus: 204 });
    expect(await sender.send(message, NEVER)).toMatchObject({ error: 'webhook_host_not_public' });
    expect(receiver.received).toHaveLength(1);
  });

  describe('over TLS', () => {
    it.each([
      ['a certificate that nobody vouches for', selfSigned(NAME), false],
      ['one for another name', selfSigned('outra.example'), true],
      ['one that is over', selfSigned(NAME, new Date(Date.now() - 86_400_000)), true],
    ])('refuses %s, whatever the environment says', async (_, tls, trusted) => {
      const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
      try {
        const receiver = await receiverOf(undefined, tls);
        const url = `https://${NAME}:${receiver.port}/`;
        const limits = trusted ? { ca: tls.cert } : {};
        expect(await sent(url, { [NAME]: ['127.0.0.1'] }, limits)).toMatchObject({ error: 'tls_failed' });
        expect(receiver.received).toEqual([]);
      } finally {
        if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
        else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
      }
    });

    it('does not fall back to plain HTTP', async () => {
      const receiver = await receiverOf();
      const url = `https://127.0.0.1:${receiver.port}/`;
      expect(await sent(url)).toMatchObject({ error: 'tls_failed' });
      expect(receiver.received).toEqual([]);
    });

    it('gives up on a handshake that does not go on', async () => {
      const port = await rawOf(() => undefined);
      const outcome = await sent(`https://127.0.0.1:${port}/`, {}, { totalMs: 5_000 });
      expect(outcome).toMatchObject({ error: 'connect_timeout' });
      expect(outcome.durationMs).toBeLessThan(3_000);
    });
  });

  describe('that is redirected', () => {
    const to = (location: string, status = 307): Answering => {
      return (response) => void response.writeHead(status, { location }).end();
    };

    it('follows by 307 and 308 with the same message', async () => {
      const last = await receiverOf();
      const between = await receiverOf(to(last.url, 308));
      const first = await receiverOf(to(between.url));
      expect(await sent(first.url)).toMatchObject({ httpStatus: 204 });
      expect(last.received[0]).toMatchObject({ method: 'POST', body: '{"a":1}' });
      expect(last.received[0]?.headers['webhook-signature']).toBe(
        first.received[0]?.headers['webhook-signature'],
      );
    });

    it.each([
      'http://169.254.169.254/latest/meta-data/',
      'https://10.0.0.1/',
      'https://[::ffff:10.0.0.1]/',
      'https://localhost:5432/',
      'https://metadata.google.internal/',
    ])('does not go to %s', async (location) => {
      const receiver = await receiverOf(to(location));
      expect((await sent(receiver.url)).error).toMatch(/^webhook_(host_not_public|port_not_allowed)$/);
    });

    it.each([301, 302, 303, 300, 304])('does not follow a %i', async (status) => {
      const last = await receiverOf();
      const receiver = await receiverOf(to(last.url, status));
      expect(await sent(receiver.url)).toMatchObject({ httpStatus: status, error: 'redirect_refused' });
      expect(last.received).toEqual([]);
    });

    it('never goes from TLS to plain HTTP', async () => {
      const last = await receiverOf();
      const tls = selfSigned(NAME);
      const receiver = await receiverOf(to(last.url), tls);
      const url = `https://${NAME}:${receiver.port}/`;
      const outcome = await sent(url, { [NAME]: ['127.0.0.1'] }, { ca: tls.cert });
      expect(outcome).toMatchObject({ error: 'redirect_refused' });
      expect(last.received).toEqual([]);
    });

    it('goes round in circles three times', async () => {
      const receiver = await receiverOf();
      receiver.answer(to(receiver.url));
      expect(await sent(receiver.url)).toMatchObject({ error: 'too_many_redirects' });
      expect(receiver.received).toHaveLength(4);
    });

    it.each(['', 'http://', 'ftp://a.example/'])('does not understand %j', async (location) => {
      const receiver = await receiverOf((response) => {
        void response.writeHead(307, location === '' ? {} : { location }).end();
      });
      expect((await sent(receiver.url)).error).toMatch(/^(redirect_refused|webhook_url_not_https)$/);
    });
  });

  describe('with a receiver that means no good', () => {
    it('waits no longer than it has time', async () => {
      const receiver = await receiverOf(() => undefined);
      const outcome = await sent(receiver.url);
      expect(outcome).toMatchObject({ error: 'timeout' });
      expect(outcome.httpStatus).toBeUndefined();
      expect(outcome.durationMs).toBeLessThan(3_000);
    });

    it.each([
      ['drips its headers', 'HTTP/1.1 200 OK\r\nx: ', 'timeout'],
      ['says 100 Continue for ever', 'HTTP/1.1 100 Continue\r\n\r\n', 'timeout'],
    ])('that %s', async (_, text, error) => {
      const port = await rawOf((socket) => {
        socket.write(text);
        const timer = setInterval(() => socket.write(text.startsWith('HTTP/1.1 100') ? text : 'y'), 20);
        socket.once('close', () => clearInterval(timer));
      });
      expect(await sent(`http://127.0.0.1:${port}/`)).toMatchObject({ error });
    });

    it('takes a good status at its word, however long the rest takes', async () => {
      const receiver = await receiverOf((response, _, socket) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write('.'), 20);
        socket.once('close', () => clearInterval(timer));
      });
      const outcome = await sent(receiver.url);
      expect(outcome).toMatchObject({ httpStatus: 200 });
      expect(outcome.error).toBeUndefined();
      expect(outcome.durationMs).toBeLessThan(500);
    });

    it('reads 64 KiB of an endless answer, and keeps one', async () => {
      let written = 0;
      const receiver = await receiverOf((response) => {
        response.writeHead(500);
        const chunk = Buffer.alloc(16 * 1024, 'x');
        const more = (): void => {
          while (!response.destroyed && response.write(chunk)) written += chunk.length;
          if (!response.destroyed) response.once('drain', more);
        };
        more();
      });
      const outcome = await sent(receiver.url, {}, { totalMs: 3_000 });
      expect(outcome).toMatchObject({ httpStatus: 500, error: 'status_refused' });
      expect(outcome.answer).toHaveLength(1_024);
      // what the two sockets hold between them counts as written, too
      expect(written).toBeLessThan(16 * 1024 * 1024);
    });

    it('does not unpack what is packed', async () => {
      const packed = gzipSync(Buffer.alloc(10 * 1024 * 1024));
      const receiver = await receiverOf((response) => {
        response.writeHead(500, { 'content-encoding': 'gzip' }).end(packed);
      });
      const outcome = await sent(receiver.url);
      expect(outcome.answer?.length).toBeLessThanOrEqual(1_024);
    });

    it.each([
      ['hangs up at once', (socket: Socket) => void socket.destroy(), 'connection_reset'],
      ['resets', (socket: Socket) => void socket.resetAndDestroy(), 'connection_reset'],
      [
        'speaks something else',
        (socket: Socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
        'malformed_answer',
      ],
      [
        'sends headers without an end',
        (socket: Socket) => void socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(64 * 1024)}`),
        'malformed_answer',
      ],
      [
        'wants another protocol',
        (socket: Socket) =>
          void socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
        'connection_reset',
      ],
      [
        'sends two lengths',
        (socket: Socket) =>
          void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'),
        'malformed_answer',
      ],
    ])('that %s', async (_, speak, error) => {
      const port = await rawOf((socket) => socket.once('data', () => speak(socket)));
      expect(await sent(`http://127.0.0.1:${port}/`)).toMatchObject({ error });
    });

    it('that is not there', async () => {
      const port = await rawOf(() => undefined);
      await open.pop()?.();
      expect(await sent(`http://127.0.0.1:${port}/`)).toMatchObject({ error: 'connection_refused' });
    });

    it('that hangs up in the middle of a refusal, still has its status', async () => {
      const port = await rawOf((socket) =>
        socket.once('data', () => {
          socket.write('HTTP/1.1 503 Busy\r\nretry-after: 60\r\ncontent-length: 100\r\n\r\nbusy');
          setTimeout(() => socket.destroy(), 20);
        }),
      );
      expect(await sent(`http://127.0.0.1:${port}/`)).toMatchObject({
        httpStatus: 503,
        retryAfterSeconds: 60,
        answer: 'busy',
      });
    });
  });

  it('stops when it is told to', async () => {
    const receiver = await receiverOf(() => undefined);
    const stop = new AbortController();
    const sender = new WebhookSender(new WebhookGuard(new FakeResolver(), LOOPBACK), new SystemClock());
    const sending = sender.send(
      { id: 'm', url: receiver.url, body: '{}', secrets: ['whsec_AAAA'] },
      stop.signal,
    );
    setTimeout(() => stop.abort(new Error('enough')), 50);
    await expect(sending).rejects.toThrow('enough');
  });
});
